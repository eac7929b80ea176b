"""The pages of the workspace, and those at the door.

A page of one module stands here (`today`, `subjects`, `subject`, `reports`, `study`); one of several has a folder
(`form`, `schedule`, `queries`, `administration`, `door`). Pages get (casebook, hub, jobs, settings) and paint what
they are given: a page that needs an `if` about medicine has it in the wrong room.

Data: casebook -> page -> person -> casebook -> `hub.changed` -> whichever pages show what changed.
"""
