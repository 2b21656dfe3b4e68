"""The screening desk: queues, sealed votes, conflicts, rounds and what each viewer may see."""
