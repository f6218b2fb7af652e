"""The calculators: FNCLCC grade, stage groups of soft tissue sarcoma, and FIGO for the uterus.

Each looks up in a scale that its file describes, so that no bound stands in the code. What is not known leaves every
answer that it still allows, with the names of the facts that would settle it.
"""
