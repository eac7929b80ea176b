"""Vector drawings made of numbers that are already computed. They draw; they do not count.

`pen`: lines, labels and marks in the page's one style. `axes`: ticks. Then one module a kind of figure: `survival`,
`forest`, `swimmer`, `bars`, `flow`, `trends`. All give a `reportlab.graphics.shapes.Drawing`, sizes in points.
"""
