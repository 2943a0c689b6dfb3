"""What everybody may see of a provider: is it them or me?"""
