create table staging (number bigint not null, purpose text not null, date date);
{verdicts}
vacuum analyze numbers;
vacuum analyze bindings;
