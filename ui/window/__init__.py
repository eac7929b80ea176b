"""The one window and what is always in it.

`app` starts Qt; `main_window` shows the door or the workspace, the lock cover over it, the crash page instead of it;
`workspace` holds the pages of one open store, listed in `areas`; `rail` and `top_bar` stand around them;
`first_steps` does what the welcome page offers; `lacking` says why there can be no window; `diagnosing` tells what the
window knows to who looks after the program; `idle` locks, `locking` covers and asks; `warming` loads
what will be needed while a passphrase is typed.

Data: a `Casebook` from the door -> workspace -> pages, each given (casebook, hub, jobs, settings). Pages reach each
other by signals the workspace connects, never directly.
"""
