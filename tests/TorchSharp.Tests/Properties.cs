// One test at a time: they share libtorch's global generator, its grad mode defaults and the process's memory.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
