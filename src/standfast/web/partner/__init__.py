"""A partner's pages: which of my customers need me?"""
