-- As one would do it: staging, analyze, join.
truncate staging;
\copy staging from '{questions}' (format csv, header)
analyze staging;
\copy (select * from verdicts) to '{answers}' (format csv)
