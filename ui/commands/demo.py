"""The demonstration: a study with patients in every state, to look around in or to be written out without a display."""
