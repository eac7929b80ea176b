"""What comes from outside, through the same door as typing.

`data_file`: a file of values, every fault named at once, all rows or none; `survey`: what kind of file lies there and
where each subject's lines are; `lines`: what one line means, or how to write it; `faults`: why a file can't be
brought in. `lawful`: whether a version may be put in force at all; `amend`: another version of the study, or CTCAE
edition, put in force after a dry run that only tells.

Data: file -> faults with line and remedy, or values -> `db.casebook.Casebook` -> entries marked as imported with the
hash of the file.
"""
