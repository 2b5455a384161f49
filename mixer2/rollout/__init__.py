"""Rollouts: a new version of a filter goes out in steps, is judged, and goes back by itself.

cohort    which nodes get it at which step
samples   what nodes counted
judge     whether a step went well
rollout   one rollout, from start to end
rollouts  all filters: what is stable, what is on its way
store     what outlives the process, and the audit log
"""
