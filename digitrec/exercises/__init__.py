"""The tasks of the lessons: judged by what an answer does, with hints in steps.

    from digitrec.exercises import training as tasks

    tasks.step_count.check(2580)   # right, or not yet and why
    tasks.step_count.hint()        # the next step
    tasks.step_count.solution()    # asks first
    exercises.summary(tasks)

A module for each lesson holds its tasks; `solved/` holds one solution of each, and is left out of
copies for learners. To add a task, see CONTRIBUTING.
"""

from digitrec.exercises.score import forget
from digitrec.exercises.summary import summary
from digitrec.exercises.task import Task

__all__ = ["Task", "forget", "summary"]
