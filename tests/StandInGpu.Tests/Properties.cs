// One test at a time: they share libtorch's global generator and the stand-in's counts.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
