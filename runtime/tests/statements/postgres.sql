-- and, or, not
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 WHERE ((t0."name" = $1 OR t0."boss_id" IS NULL) AND NOT (t0."id" <= $2));

-- one of a list
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 WHERE t0."boss_id" = ANY($1);

-- none of a list
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 WHERE t0."boss_id" <> ALL($1);

-- one of an empty list
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 WHERE FALSE;

-- like
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 WHERE t0."name" LIKE $1 ESCAPE '\';

-- not like
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 WHERE t0."name" NOT LIKE $1 ESCAPE '\';

-- ilike
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 WHERE t0."name" ILIKE $1 ESCAPE '\';

-- order by an optional column, by a required one
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 ORDER BY t0."boss_id" DESC NULLS LAST, t0."name";

-- limit and offset
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 WHERE t0."name" = $1 ORDER BY t0."id" LIMIT 20 OFFSET 40;

-- offset alone
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 ORDER BY t0."id" LIMIT ALL OFFSET 5;

-- count of what is cut
SELECT COUNT(*) FROM (SELECT 1 FROM "staff"."employees" AS t0 WHERE t0."name" = $1 LIMIT 20 OFFSET 40) AS counted;

-- whether there is one
SELECT EXISTS (SELECT 1 FROM "staff"."employees" AS t0 WHERE t0."name" = $1);

-- whose boss is called Bob
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 WHERE EXISTS (SELECT 1 FROM "staff"."employees" AS t1 WHERE t1."id" = t0."boss_id" AND (t1."name" = $1));

-- none of whose shifts has a long break
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 WHERE NOT EXISTS (SELECT 1 FROM "shifts" AS t1 WHERE t1."employee_id" = t0."id" AND (EXISTS (SELECT 1 FROM "breaks" AS t2 WHERE t2."employee_id" = t1."employee_id" AND t2."day" = t1."day" AND (t2."minutes" > $1))));

-- all of whose staff are called Bob
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 WHERE NOT EXISTS (SELECT 1 FROM "staff"."employees" AS t1 WHERE t1."boss_id" = t0."id" AND (t1."name" = $1) IS NOT TRUE);

-- with the boss
SELECT t0."id", t0."name", t0."boss_id", t0."version", t1."id", t1."name", t1."boss_id", t1."version" FROM "staff"."employees" AS t0 LEFT JOIN "staff"."employees" AS t1 ON t1."id" = t0."boss_id";

-- with the boss, if called Bob
SELECT t0."id", t0."name", t0."boss_id", t0."version", t1."id", t1."name", t1."boss_id", t1."version" FROM "staff"."employees" AS t0 LEFT JOIN "staff"."employees" AS t1 ON t1."id" = t0."boss_id" AND t1."name" = $1;

-- with the staff
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0;
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 WHERE t0."boss_id" = ANY($1) AND t0."name" = $2;

-- with the first three of the staff
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0;
SELECT t0."id", t0."name", t0."boss_id", t0."version", t1."id", t1."name", t1."boss_id", t1."version" FROM unnest($1::bigint[]) AS k(v0) CROSS JOIN LATERAL (SELECT t2."id", t2."name", t2."boss_id", t2."version" FROM "staff"."employees" AS t2 WHERE t2."boss_id" = k.v0 AND t2."name" = $2 ORDER BY t2."boss_id" DESC NULLS LAST, t2."name", t2."id" LIMIT 3 OFFSET 1) AS t0 LEFT JOIN "staff"."employees" AS t1 ON t1."id" = t0."boss_id" ORDER BY t0."boss_id" DESC NULLS LAST, t0."name", t0."id";

-- with the breaks, by a key of two parts
SELECT t0."employee_id", t0."day" FROM "shifts" AS t0;
SELECT t0."id", t0."employee_id", t0."day", t0."minutes" FROM "breaks" AS t0 WHERE (t0."employee_id", t0."day") IN (SELECT k.v0, k.v1 FROM unnest($1::bigint[], $2::date[]) AS k(v0, v1));

-- with the first break, by a key of two parts
SELECT t0."employee_id", t0."day" FROM "shifts" AS t0;
SELECT t0."id", t0."employee_id", t0."day", t0."minutes" FROM unnest($1::bigint[], $2::date[]) AS k(v0, v1) CROSS JOIN LATERAL (SELECT t1."id", t1."employee_id", t1."day", t1."minutes" FROM "breaks" AS t1 WHERE t1."employee_id" = k.v0 AND t1."day" = k.v1 ORDER BY t1."id" LIMIT 1) AS t0 ORDER BY t0."id";

-- change one, and read it
UPDATE "staff"."employees" AS t0 SET "name" = $1, "version" = "version" + 1 WHERE t0."id" = $2 RETURNING "id", "name", "boss_id", "version";

-- change many
UPDATE "staff"."employees" AS t0 SET "name" = $1, "version" = "version" + 1 WHERE t0."name" = $2;

-- change many, by others of the same table
UPDATE "staff"."employees" AS t0 SET "name" = $1, "version" = "version" + 1 WHERE EXISTS (SELECT 1 FROM "staff"."employees" AS t1 WHERE t1."id" = t0."boss_id" AND (t1."name" = $2));

-- delete many
DELETE FROM "breaks" AS t0 WHERE t0."minutes" > $1;

-- delete many that may point at each other
DELETE FROM "staff"."employees" AS t0 WHERE EXISTS (SELECT 1 FROM "staff"."employees" AS t1 WHERE t1."id" = t0."boss_id" AND (t1."name" = $1));
