"""How figures look per language, where Django says nothing."""
