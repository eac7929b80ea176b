"""The subject over time: visits planned and due, samples, events that open and recover.

`schedule`: planned, actual and due visits. `prospects`: what they want, said so that it holds on other days too.
`reconcile`: serious events against their reports.
`near`: the day that a date typed without its year lies near. `samples`: one sample that serves two visits. `worst`:
the worst open event and the worst latest result. `episodes`: graded results in a row -> when an adverse event opens,
worsens, recovers.

Data: `Subject` -> visits -> prospects -> the worklist of a day; grades of a subject -> episodes. The day itself is
handed in; nothing here knows the clock.
"""
