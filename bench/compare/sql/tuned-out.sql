-- Sorted, and merged with both indexes: half the processor time of the parallel hash join that the planner prefers.
-- Two sessions do this at once, each with one of the countries, so that both cores are busy to the end.
set max_parallel_workers_per_gather = 0;
set enable_hashjoin = off;
set enable_nestloop = off;
copy (select * from verdicts_{half}) to '{answers}' (format csv);
