"""Steps on batches of before between those on fresh ones: a scan takes longer to draw than a step, and steps on one batch
in a row teach little. Which batch comes next depends on the seed and the number alone."""

import random


class Replay:
    """The last `room` batches."""

    def __init__(self, room, seed):
        self.room, self.seed, self.batches = room, seed, []

    def add(self, batch):
        self.batches.append(batch)
        # In the order of arrival: after a stop the pool is filled again from the batch where the run was.
        if len(self.batches) > self.room:
            self.batches.pop(0)

    def take(self, number):
        return self.batches[random.Random(self.seed << 32 | number).randrange(len(self.batches))]
