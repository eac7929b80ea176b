"""What is shown before a store is open.

`welcome`: look around, start a study, open a store. `sign_in`: who, and the passphrase. `door`: mark, name and
switches around both. `crash`: something went wrong in the program; what is safe, where the log lies.

Data: path, name, passphrase -> `ui.stores` -> a casebook for the window.
"""
