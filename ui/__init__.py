"""Hands and eyes: the window (Qt) and, in `commands`, the command line (no Qt).

- `app.run` starts Qt, theme, fonts and crash page and shows `window.MainWindow`: door (welcome, sign in) or workspace.
- `workspace.Workspace` holds top bar, rail and pages; it is made anew for each casebook that is opened.
- `pages` get (casebook, hub, jobs, settings); `parts` are the small pieces several pages share; `models` hold keys.
- `hub.Hub.changed` is the only signal about data; `settings.Settings.changed` the only one about appearance.
- `actions.TABLE` names every shortcut once. `jobs.Jobs` does long work in one thread. `messages` puts errors in words.

Nothing here knows SQL, a table name or a data frame. Heavy libraries are imported where they are first used.
"""
