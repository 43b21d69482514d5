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

-- order by the boss, by name and then by the number of staff, the largest first
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 WHERE t0."name" = $1 ORDER BY (SELECT t1."name" FROM "staff"."employees" AS t1 WHERE t1."id" = t0."boss_id"), (SELECT (SELECT COUNT(*) FROM "staff"."employees" AS t3 WHERE t3."boss_id" = t2."id" AND t3."name" = $2) FROM "staff"."employees" AS t2 WHERE t2."id" = t0."boss_id" AND t2."name" = $3) DESC NULLS LAST, t0."id" LIMIT 20 OFFSET 40;

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

-- with how many of the staff are called Bob, if there are more than two shifts, and by these
SELECT t0."id", t0."name", t0."boss_id", t0."version", (SELECT COUNT(*) FROM "staff"."employees" AS t1 WHERE t1."boss_id" = t0."id" AND t1."name" = $1) FROM "staff"."employees" AS t0 WHERE (SELECT COUNT(*) FROM "shifts" AS t2 WHERE t2."employee_id" = t0."id") > $2 ORDER BY (SELECT COUNT(*) FROM "shifts" AS t3 WHERE t3."employee_id" = t0."id") DESC;

-- the three of each staff with the most shifts, and how many of these after the first, at most four
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0;
SELECT t0."id", t0."name", t0."boss_id", t0."version", t1."id", t1."name", t1."boss_id", t1."version", LEAST(GREATEST((SELECT COUNT(*) FROM "shifts" AS t2 WHERE t2."employee_id" = t0."id") - 1, 0), 4) FROM unnest($1::bigint[]) AS k(v0) CROSS JOIN LATERAL (SELECT t3."id", t3."name", t3."boss_id", t3."version" FROM "staff"."employees" AS t3 WHERE t3."boss_id" = k.v0 ORDER BY (SELECT COUNT(*) FROM "shifts" AS t4 WHERE t4."employee_id" = t3."id") DESC, t3."id" LIMIT 3) AS t0 LEFT JOIN "staff"."employees" AS t1 ON t1."id" = t0."boss_id" ORDER BY (SELECT COUNT(*) FROM "shifts" AS t5 WHERE t5."employee_id" = t0."id") DESC, t0."id";

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

-- two of the staff with their shifts and breaks
INSERT 2 × Employee;
INSERT 3 × Shift;
INSERT 3 × Break;

-- delete many
DELETE FROM "breaks" AS t0 WHERE t0."minutes" > $1;

-- delete many that may point at each other
DELETE FROM "staff"."employees" AS t0 WHERE EXISTS (SELECT 1 FROM "staff"."employees" AS t1 WHERE t1."id" = t0."boss_id" AND (t1."name" = $1));

-- delete many, and what depends on them
SELECT t0."id", t0."id", t0."code" FROM "boards" AS t0 WHERE t0."code" = $1 FOR UPDATE;
SELECT t0."id", t0."id" FROM "cards" AS t0 WHERE t0."board_id" = ANY($1) FOR UPDATE;
SELECT t0."id", t0."id" FROM "cards" AS t0 WHERE t0."below_id" = ANY($1) FOR UPDATE;
DELETE FROM "boards" AS t0 WHERE t0."id" = ANY($1);
DELETE FROM "cards" AS t0 WHERE t0."id" = ANY($1);
UPDATE "cards" AS t0 SET "board_code" = $1, "version" = "version" + 1 WHERE t0."board_code" = ANY($2);

-- change a key that others follow
SELECT t0."id" FROM "boards" AS t0 WHERE t0."code" = $1 FOR UPDATE;
SELECT t0."id", t0."code" FROM "boards" AS t0 WHERE (t0."id" = ANY($1) AND (t0."code" <> $2)) FOR UPDATE;
UPDATE "boards" AS t0 SET "code" = $1 WHERE t0."id" = ANY($2);
UPDATE "cards" AS t0 SET "board_code" = $1, "version" = "version" + 1 WHERE t0."board_code" = ANY($2);

-- live rows
SELECT t0."id", t0."text", t0."parent_id", t0."deleted_at" FROM "notes" AS t0 WHERE (t0."text" = $1 AND t0."deleted_at" IS NULL);

-- deleted ones too
SELECT t0."id", t0."text", t0."parent_id", t0."deleted_at" FROM "notes" AS t0 WHERE t0."text" = $1;

-- in the order of the live parents
SELECT t0."id", t0."text", t0."parent_id", t0."deleted_at" FROM "notes" AS t0 WHERE t0."deleted_at" IS NULL ORDER BY (SELECT t1."text" FROM "notes" AS t1 WHERE t1."id" = t0."parent_id" AND t1."deleted_at" IS NULL) DESC NULLS LAST;

-- how many are live
SELECT COUNT(*) FROM "notes" AS t0 WHERE t0."deleted_at" IS NULL;

-- with the parent, if it is live
SELECT t0."id", t0."text", t0."parent_id", t0."deleted_at", t1."id", t1."text", t1."parent_id", t1."deleted_at" FROM "notes" AS t0 LEFT JOIN "notes" AS t1 ON t1."id" = t0."parent_id" AND t1."deleted_at" IS NULL WHERE t0."deleted_at" IS NULL;

-- with the parent, deleted or not
SELECT t0."id", t0."text", t0."parent_id", t0."deleted_at", t1."id", t1."text", t1."parent_id", t1."deleted_at" FROM "notes" AS t0 LEFT JOIN "notes" AS t1 ON t1."id" = t0."parent_id" WHERE t0."deleted_at" IS NULL;

-- with the first three live replies
SELECT t0."id", t0."text", t0."parent_id", t0."deleted_at" FROM "notes" AS t0 WHERE t0."deleted_at" IS NULL;
SELECT t0."id", t0."text", t0."parent_id", t0."deleted_at" FROM unnest($1::bigint[]) AS k(v0) CROSS JOIN LATERAL (SELECT t1."id", t1."text", t1."parent_id", t1."deleted_at" FROM "notes" AS t1 WHERE t1."parent_id" = k.v0 AND t1."deleted_at" IS NULL ORDER BY t1."id" LIMIT 3) AS t0 ORDER BY t0."id";

-- all of whose live replies match
SELECT t0."id", t0."text", t0."parent_id", t0."deleted_at" FROM "notes" AS t0 WHERE (NOT EXISTS (SELECT 1 FROM "notes" AS t1 WHERE t1."parent_id" = t0."id" AND t1."deleted_at" IS NULL AND (t1."text" = $1) IS NOT TRUE) AND t0."deleted_at" IS NULL);

-- any of whose replies matches
SELECT t0."id", t0."text", t0."parent_id", t0."deleted_at" FROM "notes" AS t0 WHERE (EXISTS (SELECT 1 FROM "notes" AS t1 WHERE t1."parent_id" = t0."id" AND (t1."text" = $1)) AND t0."deleted_at" IS NULL);

-- change many live ones
UPDATE "notes" AS t0 SET "text" = $1 WHERE (t0."text" = $2 AND t0."deleted_at" IS NULL);

-- restore many
UPDATE "notes" AS t0 SET "deleted_at" = $1 WHERE (t0."text" = $2 AND t0."deleted_at" IS NOT NULL);

-- delete one softly
emitted;

-- delete many softly
UPDATE "notes" AS t0 SET "deleted_at" = $1 WHERE (t0."text" = $2 AND t0."deleted_at" IS NULL);

-- delete many softly, by others of the same table
UPDATE "notes" AS t0 SET "deleted_at" = $1 WHERE (EXISTS (SELECT 1 FROM "notes" AS t1 WHERE t1."parent_id" = t0."id" AND t1."deleted_at" IS NULL AND (t1."text" = $2)) AND t0."deleted_at" IS NULL);

-- whose home is in Oslo
SELECT … FROM "members" AS t0 WHERE (t0."home" IS NOT NULL AND (((t0."home" ->> 'city') COLLATE "C") = $1) IS TRUE);

-- whose home has a price above 1
SELECT … FROM "members" AS t0 WHERE (t0."home" IS NOT NULL AND ((t0."home" ->> 'price')::numeric > $1) IS TRUE);

-- whose home has another key
SELECT … FROM "members" AS t0 WHERE (t0."home" IS NOT NULL AND ((t0."home" ->> 'key')::uuid <> $1) IS TRUE);

-- whose home is open
SELECT … FROM "members" AS t0 WHERE (t0."home" IS NOT NULL AND ((t0."home" ->> 'open')::boolean = $1) IS TRUE);

-- whose home is known since some time
SELECT … FROM "members" AS t0 WHERE (t0."home" IS NOT NULL AND ((t0."home" ->> 'since')::timestamp with time zone IS NOT NULL) IS TRUE);

-- whose home has an inner one in Oslo
SELECT … FROM "members" AS t0 WHERE (t0."home" IS NOT NULL AND ((NULLIF(t0."home" -> 'inner', 'null') IS NOT NULL AND (((NULLIF(t0."home" -> 'inner', 'null') ->> 'city') COLLATE "C") = $1) IS TRUE)) IS TRUE);

-- who have a place in Oslo
SELECT … FROM "members" AS t0 WHERE EXISTS (SELECT 1 FROM jsonb_array_elements(t0."places") AS t1(v) WHERE (((t1.v ->> 'city') COLLATE "C") = $1));

-- who have no place in Oslo
SELECT … FROM "members" AS t0 WHERE NOT EXISTS (SELECT 1 FROM jsonb_array_elements(t0."places") AS t1(v) WHERE (((t1.v ->> 'city') COLLATE "C") = $1));

-- all of whose places are in Oslo
SELECT … FROM "members" AS t0 WHERE NOT EXISTS (SELECT 1 FROM jsonb_array_elements(t0."places") AS t1(v) WHERE (((t1.v ->> 'city') COLLATE "C") = $1) IS NOT TRUE);

-- who have a place
SELECT … FROM "members" AS t0 WHERE EXISTS (SELECT 1 FROM jsonb_array_elements(t0."places") AS t1(v) WHERE (TRUE));

-- who list the key 7
SELECT … FROM "members" AS t0 WHERE EXISTS (SELECT 1 FROM jsonb_array_elements_text(t0."tag_ids") AS t1(v) WHERE t1.v::bigint = $1);

-- who list the name Ann
SELECT … FROM "members" AS t0 WHERE EXISTS (SELECT 1 FROM jsonb_array_elements_text(t0."names") AS t1(v) WHERE (t1.v COLLATE "C") = $1);

-- who list a friend whose home is in Oslo
SELECT … FROM "members" AS t0 WHERE EXISTS (SELECT 1 FROM jsonb_array_elements_text(t0."tag_ids") AS t1(v) JOIN "members" AS t2 ON t2."id" = t1.v::bigint WHERE ((t2."home" IS NOT NULL AND (((t2."home" ->> 'city') COLLATE "C") = $1) IS TRUE)));

-- all of whose friends have a home in Oslo
SELECT … FROM "members" AS t0 WHERE NOT EXISTS (SELECT 1 FROM jsonb_array_elements_text(t0."tag_ids") AS t1(v) JOIN "members" AS t2 ON t2."id" = t1.v::bigint WHERE ((t2."home" IS NOT NULL AND (((t2."home" ->> 'city') COLLATE "C") = $1) IS TRUE)) IS NOT TRUE);

-- with the friends
SELECT … FROM "members" AS t0;
SELECT … FROM "members" AS t0 WHERE t0."id" = ANY($1);

-- with the first friend
SELECT … FROM "members" AS t0;
SELECT … FROM "members" AS t0 WHERE t0."id" = ANY($1);

-- with the friends but one, latest first
SELECT … FROM "members" AS t0;
SELECT … FROM "members" AS t0 WHERE t0."id" = ANY($1) ORDER BY t0."id" DESC;

-- with the second friend in Oslo, by number of friends and what these list
SELECT … FROM "members" AS t0;
SELECT … FROM "members" AS t0 WHERE ((t0."home" IS NOT NULL AND (((t0."home" ->> 'city') COLLATE "C") = $1) IS TRUE) AND t0."id" = ANY($2)) ORDER BY (SELECT COUNT(*) FROM jsonb_array_elements_text(t0."tag_ids") AS t1(v) JOIN "members" AS t2 ON t2."id" = t1.v::bigint) DESC, t0."id";
SELECT … FROM "members" AS t0 WHERE t0."id" = ANY($1);

-- with how many friends, at most three, and who have more than two in Oslo
SELECT t0."id", t0."home", t0."places", t0."tag_ids", t0."names", LEAST((SELECT COUNT(*) FROM jsonb_array_elements_text(t0."tag_ids") AS t1(v) JOIN "members" AS t2 ON t2."id" = t1.v::bigint), 3) FROM "members" AS t0 WHERE (SELECT COUNT(*) FROM jsonb_array_elements_text(t0."tag_ids") AS t3(v) JOIN "members" AS t4 ON t4."id" = t3.v::bigint WHERE (t4."home" IS NOT NULL AND (((t4."home" ->> 'city') COLLATE "C") = $1) IS TRUE)) > $2;

-- any of whose courses matches
SELECT … FROM "students" AS t0 WHERE EXISTS (SELECT 1 FROM "lessons" AS t1 WHERE t1."student_id" = t0."id" AND t1."deleted_at" IS NULL AND (EXISTS (SELECT 1 FROM "courses" AS t2 WHERE t2."id" = t1."course_id" AND t2."deleted_at" IS NULL AND (t2."name" = $1))));

-- none of whose courses matches
SELECT … FROM "students" AS t0 WHERE NOT EXISTS (SELECT 1 FROM "lessons" AS t1 WHERE t1."student_id" = t0."id" AND t1."deleted_at" IS NULL AND (EXISTS (SELECT 1 FROM "courses" AS t2 WHERE t2."id" = t1."course_id" AND t2."deleted_at" IS NULL AND (t2."name" = $1))));

-- all of whose courses match
SELECT … FROM "students" AS t0 WHERE NOT EXISTS (SELECT 1 FROM "lessons" AS t1 WHERE t1."student_id" = t0."id" AND t1."deleted_at" IS NULL AND (EXISTS (SELECT 1 FROM "courses" AS t2 WHERE t2."id" = t1."course_id" AND t2."deleted_at" IS NULL AND (t2."name" = $1) IS NOT TRUE)));

-- any of whose courses in late lessons matches
SELECT … FROM "students" AS t0 WHERE EXISTS (SELECT 1 FROM "lessons" AS t1 WHERE t1."student_id" = t0."id" AND (t1."deleted_at" IS NULL AND t1."day" > $1) AND (EXISTS (SELECT 1 FROM "courses" AS t2 WHERE t2."id" = t1."course_id" AND t2."deleted_at" IS NULL AND (t2."name" = $2))));

-- all of whose courses in late lessons match
SELECT … FROM "students" AS t0 WHERE NOT EXISTS (SELECT 1 FROM "lessons" AS t1 WHERE t1."student_id" = t0."id" AND (t1."deleted_at" IS NULL AND t1."day" > $1) AND (EXISTS (SELECT 1 FROM "courses" AS t2 WHERE t2."id" = t1."course_id" AND t2."deleted_at" IS NULL AND (t2."name" = $2) IS NOT TRUE)));

-- the courses of one student
SELECT … FROM "courses" AS t0 WHERE (t0."id" IN (SELECT t1."course_id" FROM "lessons" AS t1 WHERE (t1."student_id" = $1 AND t1."deleted_at" IS NULL)) AND t0."deleted_at" IS NULL);

-- with the courses
SELECT … FROM "students" AS t0;
SELECT l.v0, t0."id", t0."name", t0."deleted_at" FROM (SELECT DISTINCT t1."student_id" AS v0, t1."course_id" AS w0 FROM "lessons" AS t1 WHERE t1."student_id" = ANY($1) AND t1."deleted_at" IS NULL) AS l JOIN "courses" AS t0 ON t0."id" = l.w0 WHERE t0."deleted_at" IS NULL;

-- with the courses of late lessons, by name
SELECT … FROM "students" AS t0;
SELECT l.v0, t0."id", t0."name", t0."deleted_at" FROM (SELECT DISTINCT t1."student_id" AS v0, t1."course_id" AS w0 FROM "lessons" AS t1 WHERE t1."student_id" = ANY($1) AND (t1."deleted_at" IS NULL AND t1."day" > $2)) AS l JOIN "courses" AS t0 ON t0."id" = l.w0 WHERE (t0."deleted_at" IS NULL AND t0."name" = $3) ORDER BY t0."name";

-- with the first two courses of late lessons
SELECT … FROM "students" AS t0;
SELECT k.v0, t0."id", t0."name", t0."deleted_at" FROM unnest($1::bigint[]) AS k(v0) CROSS JOIN LATERAL (SELECT t1."id", t1."name", t1."deleted_at" FROM "courses" AS t1 WHERE t1."id" IN (SELECT t2."course_id" FROM "lessons" AS t2 WHERE t2."student_id" = k.v0 AND (t2."deleted_at" IS NULL AND t2."day" > $2)) AND (t1."deleted_at" IS NULL AND t1."name" = $3) ORDER BY t1."name", t1."id" LIMIT 2 OFFSET 1) AS t0 ORDER BY t0."name", t0."id";

-- with the courses by links of which a pair has one
SELECT … FROM "students" AS t0;
SELECT l.v0, t0."id", t0."name", t0."deleted_at" FROM (SELECT t1."student_id" AS v0, t1."course_id" AS w0 FROM "memberships" AS t1 WHERE t1."student_id" = ANY($1)) AS l JOIN "courses" AS t0 ON t0."id" = l.w0 WHERE t0."deleted_at" IS NULL;

-- with the first course by links of which a pair has one
SELECT … FROM "students" AS t0;
SELECT k.v0, t0."id", t0."name", t0."deleted_at" FROM unnest($1::bigint[]) AS k(v0) CROSS JOIN LATERAL (SELECT t1."id", t1."name", t1."deleted_at" FROM "courses" AS t1 WHERE t1."id" IN (SELECT t2."course_id" FROM "memberships" AS t2 WHERE t2."student_id" = k.v0) AND t1."deleted_at" IS NULL ORDER BY t1."id" LIMIT 1) AS t0 ORDER BY t0."id";

-- with the shifts, by a key of two parts
SELECT … FROM "students" AS t0;
SELECT l.v0, t0."employee_id", t0."day" FROM (SELECT DISTINCT t1."student_id" AS v0, t1."shift_employee_id" AS w0, t1."shift_day" AS w1 FROM "watches" AS t1 WHERE t1."student_id" = ANY($1)) AS l JOIN "shifts" AS t0 ON t0."employee_id" = l.w0 AND t0."day" = l.w1;

-- with the first shift, by a key of two parts
SELECT … FROM "students" AS t0;
SELECT k.v0, t0."employee_id", t0."day" FROM unnest($1::bigint[]) AS k(v0) CROSS JOIN LATERAL (SELECT t1."employee_id", t1."day" FROM "shifts" AS t1 WHERE (t1."employee_id", t1."day") IN (SELECT t2."shift_employee_id", t2."shift_day" FROM "watches" AS t2 WHERE t2."student_id" = k.v0) ORDER BY t1."employee_id", t1."day" LIMIT 1) AS t0 ORDER BY t0."employee_id", t0."day";

-- with the one course
SELECT … FROM "students" AS t0;
SELECT l.v0, t0."id", t0."name", t0."deleted_at" FROM (SELECT DISTINCT t1."student_id" AS v0, t1."course_id" AS w0 FROM "lessons" AS t1 WHERE t1."student_id" = ANY($1) AND t1."deleted_at" IS NULL) AS l JOIN "courses" AS t0 ON t0."id" = l.w0 WHERE t0."deleted_at" IS NULL ORDER BY t0."id";

-- with lessons and their courses
SELECT … FROM "students" AS t0;
SELECT t0."id", t0."student_id", t0."course_id", t0."day", t0."deleted_at", t1."id", t1."name", t1."deleted_at" FROM "lessons" AS t0 LEFT JOIN "courses" AS t1 ON t1."id" = t0."course_id" AND t1."deleted_at" IS NULL WHERE t0."student_id" = ANY($1) AND (t0."deleted_at" IS NULL AND EXISTS (SELECT 1 FROM "courses" AS t2 WHERE t2."id" = t0."course_id" AND t2."deleted_at" IS NULL));

-- with late lessons and their courses, deleted or not, by day and name
SELECT … FROM "students" AS t0;
SELECT t0."id", t0."student_id", t0."course_id", t0."day", t0."deleted_at", t1."id", t1."name", t1."deleted_at" FROM "lessons" AS t0 LEFT JOIN "courses" AS t1 ON t1."id" = t0."course_id" AND t1."name" = $1 WHERE t0."student_id" = ANY($2) AND (t0."deleted_at" IS NULL AND t0."day" > $3 AND EXISTS (SELECT 1 FROM "courses" AS t2 WHERE t2."id" = t0."course_id" AND t2."name" = $4)) ORDER BY t0."day" DESC, (SELECT t3."name" FROM "courses" AS t3 WHERE t3."id" = t0."course_id");

-- with the first lesson and its course, by name
SELECT … FROM "students" AS t0;
SELECT t0."id", t0."student_id", t0."course_id", t0."day", t0."deleted_at", t1."id", t1."name", t1."deleted_at" FROM unnest($1::bigint[]) AS k(v0) CROSS JOIN LATERAL (SELECT t2."id", t2."student_id", t2."course_id", t2."day", t2."deleted_at" FROM "lessons" AS t2 WHERE t2."student_id" = k.v0 AND (t2."deleted_at" IS NULL AND EXISTS (SELECT 1 FROM "courses" AS t3 WHERE t3."id" = t2."course_id" AND t3."deleted_at" IS NULL)) ORDER BY (SELECT t4."name" FROM "courses" AS t4 WHERE t4."id" = t2."course_id"), t2."id" LIMIT 1) AS t0 LEFT JOIN "courses" AS t1 ON t1."id" = t0."course_id" AND t1."deleted_at" IS NULL ORDER BY (SELECT t5."name" FROM "courses" AS t5 WHERE t5."id" = t0."course_id"), t0."id";

-- with how many courses, at most three, of late lessons
SELECT t0."id", t0."name", LEAST((SELECT COUNT(*) FROM "courses" AS t1 WHERE t1."id" IN (SELECT t2."course_id" FROM "lessons" AS t2 WHERE t2."student_id" = t0."id" AND (t2."deleted_at" IS NULL AND t2."day" > $1)) AND t1."deleted_at" IS NULL), 3) FROM "students" AS t0;

-- who have more than two clubs
SELECT … FROM "students" AS t0 WHERE (SELECT COUNT(*) FROM "courses" AS t1 WHERE t1."id" IN (SELECT t2."course_id" FROM "memberships" AS t2 WHERE t2."student_id" = t0."id") AND t1."deleted_at" IS NULL) > $1;

-- change links of students that have more than two of them
UPDATE "lessons" AS t0 SET "day" = $1 WHERE EXISTS (SELECT 1 FROM "students" AS t1 WHERE t1."id" = t0."student_id" AND ((SELECT COUNT(*) FROM "courses" AS t2 WHERE t2."id" IN (SELECT t3."course_id" FROM "lessons" AS t3 WHERE t3."student_id" = t1."id" AND t3."deleted_at" IS NULL) AND t2."deleted_at" IS NULL) > $2));

-- delete what is linked
SELECT … FROM "courses" AS t0 WHERE (t0."id" IN (SELECT t1."course_id" FROM "lessons" AS t1 WHERE (t1."student_id" = $1 AND t1."deleted_at" IS NULL)) AND t0."name" = $2 AND t0."deleted_at" IS NULL);

-- with how many remarks about it, in the order of some of them
SELECT t0."id", t0."frame_type", t0."photo_id", t0."deleted_at", (SELECT COUNT(*) FROM "remarks" AS t1 WHERE t1."subject_id" = t0."id" AND t1."subject_type" = 'Photo') FROM "photos" AS t0 WHERE t0."deleted_at" IS NULL ORDER BY (SELECT COUNT(*) FROM "remarks" AS t2 WHERE t2."subject_id" = t0."id" AND t2."subject_type" = 'Photo' AND t2."text" = $1) DESC;

-- of all rows
SELECT COUNT(*), COUNT(t0."weight"), COUNT(DISTINCT t0."weight"), SUM(t0."price"), SUM(t0."pieces"), SUM(t0."price"), COUNT(t0."price"), CAST(SUM(t0."pieces") AS double precision) / COUNT(t0."pieces"), CAST(MIN(CAST(t0."id" AS text) COLLATE "C") AS uuid), BOOL_OR(t0."sold"), MAX(t0."weight") FROM "samples" AS t0 WHERE t0."pieces" > $1;

-- of groups that match, the second by their sums
SELECT t0."sold", t0."pieces", COUNT(*) FROM "samples" AS t0 GROUP BY t0."sold", t0."pieces" HAVING ((COUNT(*) > $1 AND SUM(t0."pieces") > CAST($2 AS bigint)) OR NOT (CAST(SUM(t0."weight") AS double precision) / COUNT(t0."weight") > $3)) ORDER BY SUM(t0."pieces") DESC NULLS LAST, t0."pieces" DESC, t0."sold" NULLS FIRST LIMIT 1 OFFSET 1;

-- different values in their order
SELECT t0."weight" FROM "samples" AS t0 GROUP BY t0."weight" ORDER BY t0."weight" NULLS FIRST;

-- store or change a row, by its id
INSERT INTO "store"."labels" AS t0 ("id", "text", "stock", "price", "worth", "ratio", "count", "version", "deleted_at") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT ("id") DO UPDATE SET "text" = excluded."text", "stock" = excluded."stock", "price" = excluded."price", "worth" = excluded."worth", "ratio" = excluded."ratio", "count" = excluded."count", "deleted_at" = NULL, "version" = t0."version" + 1 WHERE t0."version" = $10 OR t0."deleted_at" IS NOT NULL RETURNING "id", "text", "stock", "price", "worth", "ratio", "count", "version", "deleted_at", (xmax = 0);

-- store or change a row, by a unique key of live rows
INSERT INTO "store"."labels" AS t0 ("text", "stock", "price", "worth", "ratio", "count", "version", "deleted_at") VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT ("text") WHERE "deleted_at" IS NULL DO UPDATE SET "stock" = excluded."stock", "version" = t0."version" + 1 RETURNING "id", "text", "stock", "price", "worth", "ratio", "count", "version", "deleted_at";

-- store or change many, of which some give more
INSERT INTO "store"."labels" AS t0 ("text", "stock", "price", "worth", "ratio", "count", "version", "deleted_at") VALUES ($1, $2, $3, $4, $5, $6, $7, $8), ($9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT ("text") WHERE "deleted_at" IS NULL DO UPDATE SET "text" = excluded."text" RETURNING "id", "text", "stock", "price", "worth", "ratio", "count", "version", "deleted_at";
INSERT INTO "store"."labels" AS t0 ("text", "stock", "price", "worth", "ratio", "count", "version", "deleted_at") VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT ("text") WHERE "deleted_at" IS NULL DO UPDATE SET "stock" = excluded."stock", "count" = excluded."count", "version" = t0."version" + 1 RETURNING "id", "text", "stock", "price", "worth", "ratio", "count", "version", "deleted_at";

-- store what is nothing but its key
INSERT INTO "shifts" AS t0 ("employee_id", "day") VALUES ($1, $2), ($3, $4) ON CONFLICT ("employee_id", "day") DO UPDATE SET "employee_id" = excluded."employee_id" RETURNING "employee_id", "day";

-- store or change a row whose key others follow
INSERT INTO "boards" AS t0 ("id", "code") VALUES ($1, $2) ON CONFLICT ("id") DO NOTHING RETURNING "id", "code";

-- compute of one row
UPDATE "store"."labels" AS t0 SET "text" = $1, "stock" = CASE WHEN "stock" + $2::bigint < $3::bigint OR "stock" + $4::bigint > $5::bigint THEN 9223372036854775807 + (1 + 0 * "stock") ELSE "stock" + $6::bigint END, "version" = "version" + 1 WHERE t0."id" = $7 AND t0."deleted_at" IS NULL RETURNING "id", "text", "stock", "price", "worth", "ratio", "count", "version", "deleted_at";

-- compute numbers of every type
UPDATE "store"."labels" AS t0 SET "text" = $1, "stock" = CASE WHEN "stock" + $2::bigint < $3::bigint OR "stock" + $4::bigint > $5::bigint THEN 9223372036854775807 + (1 + 0 * "stock") ELSE "stock" + $6::bigint END, "price" = "price" - $7::numeric, "worth" = "worth" + $8::numeric, "ratio" = CASE WHEN "ratio" - $9::double precision > $10::double precision THEN 1e308::double precision * (10 + 0 * "ratio") ELSE "ratio" - $11::double precision END, "count" = "count" + $12::integer, "version" = "version" + 1 WHERE (t0."text" = $13 AND t0."deleted_at" IS NULL);

-- after a key
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 WHERE (t0."id" > $1) ORDER BY t0."id" LIMIT 10;

-- from a key on, backwards
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 WHERE (t0."id" <= $1) ORDER BY t0."id" DESC LIMIT 10;

-- after a key of two parts
SELECT t0."employee_id", t0."day" FROM "shifts" AS t0 WHERE ((t0."employee_id", t0."day") > ($1, $2)) ORDER BY t0."employee_id", t0."day" LIMIT 10;

-- after a name, then by key
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 WHERE ((t0."name", t0."id") > ($1, $2)) ORDER BY t0."name", t0."id" LIMIT 10;

-- after a name, descending, then by key
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 WHERE ((t0."name" <= $1 AND (t0."name" < $2 OR (t0."id" > $3)))) ORDER BY t0."name" DESC, t0."id" LIMIT 10;

-- after what is optional
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 WHERE ((t0."boss_id" >= $1 AND (t0."boss_id" > $2 OR (t0."id" > $3)))) ORDER BY t0."boss_id" NULLS FIRST, t0."id" LIMIT 10;

-- after what is optional, descending
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 WHERE ((t0."boss_id" <= $1 AND (t0."boss_id" < $2 OR (t0."id" > $3))) OR t0."boss_id" IS NULL) ORDER BY t0."boss_id" DESC NULLS LAST, t0."id" LIMIT 10;

-- after NULL
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 WHERE (t0."boss_id" IS NOT NULL OR (t0."id" > $1)) ORDER BY t0."boss_id" NULLS FIRST, t0."id" LIMIT 10;

-- after NULL, descending
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 WHERE (t0."boss_id" IS NULL AND (t0."id" > $1)) ORDER BY t0."boss_id" DESC NULLS LAST, t0."id" LIMIT 10;

-- after the name of a boss, and by how many shifts
SELECT t0."id", t0."name", t0."boss_id", t0."version", (SELECT COUNT(*) FROM "shifts" AS t1 WHERE t1."employee_id" = t0."id") FROM "staff"."employees" AS t0 WHERE ((SELECT t2."name" FROM "staff"."employees" AS t2 WHERE t2."id" = t0."boss_id") IS NULL AND (((SELECT COUNT(*) FROM "shifts" AS t3 WHERE t3."employee_id" = t0."id") >= $1 AND ((SELECT COUNT(*) FROM "shifts" AS t4 WHERE t4."employee_id" = t0."id") > $2 OR (t0."id" > $3))))) ORDER BY (SELECT t5."name" FROM "staff"."employees" AS t5 WHERE t5."id" = t0."boss_id") DESC, (SELECT COUNT(*) FROM "shifts" AS t6 WHERE t6."employee_id" = t0."id"), t0."id" LIMIT 10;

-- locked
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 WHERE t0."name" = $1 FOR UPDATE;

-- locked but for the key, without those that are
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 WHERE t0."name" = $1 FOR NO KEY UPDATE SKIP LOCKED;

-- shared, at once, with the boss
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 WHERE t0."name" = $1 FOR SHARE NOWAIT;
SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0 WHERE t0."id" = ANY($1);

-- what the list of one row leads to, latest first
SELECT t0."tag_ids" FROM "members" AS t0 WHERE t0."id" = $1;
SELECT … FROM "members" AS t0 WHERE t0."id" = ANY($1) ORDER BY t0."id" DESC;

-- about an employee called Bob
SELECT … FROM "remarks" AS t0 WHERE EXISTS (SELECT 1 FROM "staff"."employees" AS t1 WHERE t1."id" = t0."subject_id" AND t0."subject_type" = 'Employee' AND (t1."name" = $1));

-- about a photo, and not about such
SELECT … FROM "remarks" AS t0 WHERE (NOT (EXISTS (SELECT 1 FROM "photos" AS t1 WHERE t1."id" = t0."subject_id" AND t0."subject_type" = 'Photo' AND t1."deleted_at" IS NULL AND (t1."frame_type" = $1))) AND EXISTS (SELECT 1 FROM "photos" AS t2 WHERE t2."id" = t0."subject_id" AND t0."subject_type" = 'Photo' AND t2."deleted_at" IS NULL));

-- with the subject, which is a photo
SELECT … FROM "remarks" AS t0;
SELECT … FROM "photos" AS t0 WHERE t0."id" = ANY($1) AND t0."deleted_at" IS NULL;

-- with the subject, which is such a photo, and its remarks
SELECT … FROM "remarks" AS t0;
SELECT … FROM "photos" AS t0 WHERE t0."id" = ANY($1) AND (t0."deleted_at" IS NULL AND t0."frame_type" = $2);
SELECT … FROM "remarks" AS t0 WHERE t0."subject_id" = ANY($1) AND t0."subject_type" = 'Photo';

-- the subject of one remark
SELECT … FROM "remarks" AS t0 WHERE t0."id" = $1;
SELECT … FROM "photos" AS t0 WHERE t0."id" = ANY($1) AND t0."deleted_at" IS NULL;

-- with the remarks about it
SELECT … FROM "photos" AS t0 WHERE t0."deleted_at" IS NULL;
SELECT … FROM "remarks" AS t0 WHERE t0."subject_id" = ANY($1) AND t0."subject_type" = 'Photo' AND t0."text" = $2;

-- with the first remark about it
SELECT … FROM "photos" AS t0 WHERE t0."deleted_at" IS NULL;
SELECT t0."id", t0."text", t0."subject_id", t0."subject_type" FROM unnest($1::bigint[]) AS k(v0) CROSS JOIN LATERAL (SELECT t1."id", t1."text", t1."subject_id", t1."subject_type" FROM "remarks" AS t1 WHERE t1."subject_id" = k.v0 AND t1."subject_type" = 'Photo' ORDER BY t1."id" LIMIT 1) AS t0 ORDER BY t0."id";

-- all of whose remarks match
SELECT … FROM "photos" AS t0 WHERE (NOT EXISTS (SELECT 1 FROM "remarks" AS t1 WHERE t1."subject_id" = t0."id" AND t1."subject_type" = 'Photo' AND (t1."text" = $1) IS NOT TRUE) AND t0."deleted_at" IS NULL);

-- with the frame, which is a photo
SELECT … FROM "photos" AS t0 WHERE t0."deleted_at" IS NULL;
SELECT … FROM "photos" AS t0 WHERE t0."photo_id" = ANY($1) AND t0."deleted_at" IS NULL ORDER BY t0."id";

-- in a frame that is a photo
SELECT … FROM "photos" AS t0 WHERE (EXISTS (SELECT 1 FROM "photos" AS t1 WHERE t1."photo_id" = t0."id" AND t0."frame_type" = 'Photo' AND t1."deleted_at" IS NULL AND (t1."frame_type" = $1)) AND t0."deleted_at" IS NULL);

-- with what it shows
SELECT … FROM "photos" AS t0 WHERE t0."deleted_at" IS NULL;
SELECT l.v0, t0."id", t0."name", t0."boss_id", t0."version" FROM (SELECT DISTINCT t1."photo_id" AS v0, t1."shown_id" AS w0 FROM "showings" AS t1 WHERE t1."photo_id" = ANY($1) AND t1."shown_type" = 'Employee') AS l JOIN "staff"."employees" AS t0 ON t0."id" = l.w0;
SELECT l.v0, t0."id", t0."frame_type", t0."photo_id", t0."deleted_at" FROM (SELECT DISTINCT t1."photo_id" AS v0, t1."shown_id" AS w0 FROM "showings" AS t1 WHERE t1."photo_id" = ANY($1) AND t1."shown_type" = 'Photo') AS l JOIN "photos" AS t0 ON t0."id" = l.w0 WHERE t0."deleted_at" IS NULL;

-- with the first that it shows of each model
SELECT … FROM "photos" AS t0 WHERE t0."deleted_at" IS NULL;
SELECT k.v0, t0."id", t0."name", t0."boss_id", t0."version" FROM unnest($1::bigint[]) AS k(v0) CROSS JOIN LATERAL (SELECT t1."id", t1."name", t1."boss_id", t1."version" FROM "staff"."employees" AS t1 WHERE t1."id" IN (SELECT t2."shown_id" FROM "showings" AS t2 WHERE t2."photo_id" = k.v0 AND t2."shown_type" = 'Employee') ORDER BY t1."id" LIMIT 1) AS t0 ORDER BY t0."id";
SELECT k.v0, t0."id", t0."frame_type", t0."photo_id", t0."deleted_at" FROM unnest($1::bigint[]) AS k(v0) CROSS JOIN LATERAL (SELECT t1."id", t1."frame_type", t1."photo_id", t1."deleted_at" FROM "photos" AS t1 WHERE t1."id" IN (SELECT t2."shown_id" FROM "showings" AS t2 WHERE t2."photo_id" = k.v0 AND t2."shown_type" = 'Photo') AND t1."deleted_at" IS NULL ORDER BY t1."id" LIMIT 1) AS t0 ORDER BY t0."id";

-- showing an employee called Bob
SELECT … FROM "photos" AS t0 WHERE (EXISTS (SELECT 1 FROM "showings" AS t1 WHERE t1."photo_id" = t0."id" AND t1."shown_type" = 'Employee' AND (EXISTS (SELECT 1 FROM "staff"."employees" AS t2 WHERE t2."id" = t1."shown_id" AND t1."shown_type" = 'Employee' AND (t2."name" = $1)))) AND t0."deleted_at" IS NULL);

-- delete the frame, where it is a photo
UPDATE "photos" AS t0 SET "deleted_at" = $1 WHERE (t0."photo_id" = $2 AND EXISTS (SELECT 1 FROM "photos" AS t1 WHERE t0."photo_id" = t1."id" AND t1."frame_type" = 'Photo' AND t1."id" = $3 AND t1."deleted_at" IS NULL) AND t0."deleted_at" IS NULL);
UPDATE "photos" AS t0 SET "frame_type" = $1 WHERE (t0."id" = $2 AND t0."frame_type" = 'Photo' AND t0."frame_type" IS NOT NULL AND t0."deleted_at" IS NULL);

-- delete the frame, of whatever model
DELETE FROM "breaks" AS t0 WHERE t0."minutes" = $1;
UPDATE "photos" AS t0 SET "deleted_at" = $1 WHERE (t0."photo_id" = $2 AND t0."deleted_at" IS NULL AND t0."deleted_at" IS NULL);
UPDATE "photos" AS t0 SET "frame_type" = $1 WHERE (t0."id" = $2 AND t0."frame_type" IS NOT NULL AND t0."deleted_at" IS NULL);
