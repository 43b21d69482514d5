-- and, or, not
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0 WHERE ((t0.`name` = ? OR t0.`boss_id` IS NULL) AND NOT (t0.`id` <= ?));

-- one of a list
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0 WHERE t0.`boss_id` IN (SELECT k.v0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k);

-- none of a list
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0 WHERE t0.`boss_id` NOT IN (SELECT k.v0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k);

-- one of an empty list
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0 WHERE FALSE;

-- like
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0 WHERE t0.`name` LIKE ? ESCAPE '\\';

-- not like
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0 WHERE t0.`name` NOT LIKE ? ESCAPE '\\';

-- ilike
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0 WHERE lower(t0.`name`) LIKE lower(?) ESCAPE '\\';

-- order by an optional column, by a required one
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0 ORDER BY t0.`boss_id` DESC, t0.`name`;

-- order by the boss, by name and then by the number of staff, the largest first
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0 WHERE t0.`name` = ? ORDER BY (SELECT t1.`name` FROM `staff_employees` AS t1 WHERE t1.`id` = t0.`boss_id`), (SELECT (SELECT COUNT(*) FROM `staff_employees` AS t3 WHERE t3.`boss_id` = t2.`id` AND t3.`name` = ?) FROM `staff_employees` AS t2 WHERE t2.`id` = t0.`boss_id` AND t2.`name` = ?) DESC, t0.`id` LIMIT 20 OFFSET 40;

-- limit and offset
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0 WHERE t0.`name` = ? ORDER BY t0.`id` LIMIT 20 OFFSET 40;

-- offset alone
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0 ORDER BY t0.`id` LIMIT 18446744073709551615 OFFSET 5;

-- count of what is cut
SELECT COUNT(*) FROM (SELECT 1 FROM `staff_employees` AS t0 WHERE t0.`name` = ? LIMIT 20 OFFSET 40) AS counted;

-- whether there is one
SELECT EXISTS (SELECT 1 FROM `staff_employees` AS t0 WHERE t0.`name` = ?);

-- whose boss is called Bob
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0 WHERE EXISTS (SELECT 1 FROM `staff_employees` AS t1 WHERE t1.`id` = t0.`boss_id` AND (t1.`name` = ?));

-- none of whose shifts has a long break
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0 WHERE NOT EXISTS (SELECT 1 FROM `shifts` AS t1 WHERE t1.`employee_id` = t0.`id` AND (EXISTS (SELECT 1 FROM `breaks` AS t2 WHERE t2.`employee_id` = t1.`employee_id` AND t2.`day` = t1.`day` AND (t2.`minutes` > ?))));

-- all of whose staff are called Bob
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0 WHERE NOT EXISTS (SELECT 1 FROM `staff_employees` AS t1 WHERE t1.`boss_id` = t0.`id` AND (t1.`name` = ?) IS NOT TRUE);

-- with how many of the staff are called Bob, if there are more than two shifts, and by these
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version`, (SELECT COUNT(*) FROM `staff_employees` AS t1 WHERE t1.`boss_id` = t0.`id` AND t1.`name` = ?) FROM `staff_employees` AS t0 WHERE (SELECT COUNT(*) FROM `shifts` AS t2 WHERE t2.`employee_id` = t0.`id`) > ? ORDER BY (SELECT COUNT(*) FROM `shifts` AS t3 WHERE t3.`employee_id` = t0.`id`) DESC;

-- the three of each staff with the most shifts, and how many of these after the first, at most four
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0;
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version`, t1.`id`, t1.`name`, t1.`boss_id`, t1.`version`, LEAST(GREATEST((SELECT COUNT(*) FROM `shifts` AS t2 WHERE t2.`employee_id` = t0.`id`) - 1, 0), 4) FROM ((SELECT t3.`id`, t3.`name`, t3.`boss_id`, t3.`version` FROM `staff_employees` AS t3 WHERE t3.`boss_id` = ? ORDER BY (SELECT COUNT(*) FROM `shifts` AS t4 WHERE t4.`employee_id` = t3.`id`) DESC, t3.`id` LIMIT 3)) AS t0 LEFT JOIN `staff_employees` AS t1 ON t1.`id` = t0.`boss_id` ORDER BY (SELECT COUNT(*) FROM `shifts` AS t5 WHERE t5.`employee_id` = t0.`id`) DESC, t0.`id`;

-- with the boss
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version`, t1.`id`, t1.`name`, t1.`boss_id`, t1.`version` FROM `staff_employees` AS t0 LEFT JOIN `staff_employees` AS t1 ON t1.`id` = t0.`boss_id`;

-- with the boss, if called Bob
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version`, t1.`id`, t1.`name`, t1.`boss_id`, t1.`version` FROM `staff_employees` AS t0 LEFT JOIN `staff_employees` AS t1 ON t1.`id` = t0.`boss_id` AND t1.`name` = ?;

-- with the staff
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0;
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k JOIN `staff_employees` AS t0 ON t0.`boss_id` = k.v0 WHERE t0.`name` = ?;

-- with the first three of the staff
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0;
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version`, t1.`id`, t1.`name`, t1.`boss_id`, t1.`version` FROM ((SELECT t2.`id`, t2.`name`, t2.`boss_id`, t2.`version` FROM `staff_employees` AS t2 WHERE t2.`boss_id` = ? AND t2.`name` = ? ORDER BY t2.`boss_id` DESC, t2.`name`, t2.`id` LIMIT 3 OFFSET 1)) AS t0 LEFT JOIN `staff_employees` AS t1 ON t1.`id` = t0.`boss_id` ORDER BY t0.`boss_id` DESC, t0.`name`, t0.`id`;

-- with the breaks, by a key of two parts
SELECT t0.`employee_id`, t0.`day` FROM `shifts` AS t0;
SELECT t0.`id`, t0.`employee_id`, t0.`day`, t0.`minutes` FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$[0]', v1 DATE PATH '$[1]')) AS k JOIN `breaks` AS t0 ON t0.`employee_id` = k.v0 AND t0.`day` = k.v1;

-- with the first break, by a key of two parts
SELECT t0.`employee_id`, t0.`day` FROM `shifts` AS t0;
SELECT t0.`id`, t0.`employee_id`, t0.`day`, t0.`minutes` FROM ((SELECT t1.`id`, t1.`employee_id`, t1.`day`, t1.`minutes` FROM `breaks` AS t1 WHERE t1.`employee_id` = ? AND t1.`day` = ? ORDER BY t1.`id` LIMIT 1)) AS t0 ORDER BY t0.`id`;

-- change one, and read it
UPDATE `staff_employees` AS t0 SET `name` = ?, `version` = `version` + 1 WHERE t0.`id` = ?;
(emitted);

-- change many
UPDATE `staff_employees` AS t0 SET `name` = ?, `version` = `version` + 1 WHERE t0.`name` = ?;

-- change many, by others of the same table
UPDATE `staff_employees` AS t0 JOIN (SELECT DISTINCT t1.`id` AS v0 FROM `staff_employees` AS t1 WHERE EXISTS (SELECT 1 FROM `staff_employees` AS t2 WHERE t2.`id` = t1.`boss_id` AND (t2.`name` = ?))) AS k ON t0.`id` = k.v0 SET t0.`name` = ?, t0.`version` = t0.`version` + 1;

-- two of the staff with their shifts and breaks
INSERT 2 × Employee;
INSERT 3 × Shift;
INSERT 3 × Break;

-- delete many
DELETE t0 FROM `breaks` AS t0 WHERE t0.`minutes` > ?;

-- delete many that may point at each other
SELECT t0.`id` FROM `staff_employees` AS t0 WHERE EXISTS (SELECT 1 FROM `staff_employees` AS t1 WHERE t1.`id` = t0.`boss_id` AND (t1.`name` = ?)) FOR UPDATE;
UPDATE `staff_employees` AS t0 JOIN (SELECT DISTINCT t1.`id` AS v0 FROM `staff_employees` AS t1 WHERE t1.`id` IN (SELECT k.v0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k)) AS k ON t0.`id` = k.v0 SET t0.`boss_id` = NULL;
DELETE t0 FROM `staff_employees` AS t0 WHERE t0.`id` IN (SELECT k.v0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k);

-- delete many, and what depends on them
SELECT t0.`id`, t0.`id`, t0.`code` FROM `boards` AS t0 WHERE t0.`code` = ? FOR UPDATE;
SELECT t0.`id`, t0.`id` FROM `cards` AS t0 WHERE t0.`board_id` IN (SELECT k.v0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k) FOR UPDATE;
SELECT t0.`id`, t0.`id` FROM `cards` AS t0 WHERE t0.`below_id` IN (SELECT k.v0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k) FOR UPDATE;
DELETE t0 FROM `boards` AS t0 WHERE t0.`id` IN (SELECT k.v0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k);
DELETE t0 FROM `cards` AS t0 WHERE t0.`id` IN (SELECT k.v0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k);
UPDATE `cards` AS t0 JOIN (SELECT DISTINCT t1.`id` AS v0 FROM `cards` AS t1 WHERE t1.`board_code` IN (SELECT k.v0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin PATH '$')) AS k)) AS k ON t0.`id` = k.v0 SET t0.`board_code` = ?, t0.`version` = t0.`version` + 1;

-- change a key that others follow
SELECT t0.`id` FROM `boards` AS t0 WHERE t0.`code` = ? FOR UPDATE;
SELECT t0.`id`, t0.`code` FROM `boards` AS t0 WHERE (t0.`id` IN (SELECT k.v0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k) AND (t0.`code` <> ?)) FOR UPDATE;
UPDATE `boards` AS t0 JOIN (SELECT DISTINCT t1.`id` AS v0 FROM `boards` AS t1 WHERE t1.`id` IN (SELECT k.v0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k)) AS k ON t0.`id` = k.v0 SET t0.`code` = ?;
UPDATE `cards` AS t0 JOIN (SELECT DISTINCT t1.`id` AS v0 FROM `cards` AS t1 WHERE t1.`board_code` IN (SELECT k.v0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin PATH '$')) AS k)) AS k ON t0.`id` = k.v0 SET t0.`board_code` = ?, t0.`version` = t0.`version` + 1;

-- live rows
SELECT t0.`id`, t0.`text`, t0.`parent_id`, t0.`deleted_at` FROM `notes` AS t0 WHERE (t0.`text` = ? AND t0.`deleted_at` IS NULL);

-- deleted ones too
SELECT t0.`id`, t0.`text`, t0.`parent_id`, t0.`deleted_at` FROM `notes` AS t0 WHERE t0.`text` = ?;

-- in the order of the live parents
SELECT t0.`id`, t0.`text`, t0.`parent_id`, t0.`deleted_at` FROM `notes` AS t0 WHERE t0.`deleted_at` IS NULL ORDER BY (SELECT t1.`text` FROM `notes` AS t1 WHERE t1.`id` = t0.`parent_id` AND t1.`deleted_at` IS NULL) DESC;

-- how many are live
SELECT COUNT(*) FROM `notes` AS t0 WHERE t0.`deleted_at` IS NULL;

-- with the parent, if it is live
SELECT t0.`id`, t0.`text`, t0.`parent_id`, t0.`deleted_at`, t1.`id`, t1.`text`, t1.`parent_id`, t1.`deleted_at` FROM `notes` AS t0 LEFT JOIN `notes` AS t1 ON t1.`id` = t0.`parent_id` AND t1.`deleted_at` IS NULL WHERE t0.`deleted_at` IS NULL;

-- with the parent, deleted or not
SELECT t0.`id`, t0.`text`, t0.`parent_id`, t0.`deleted_at`, t1.`id`, t1.`text`, t1.`parent_id`, t1.`deleted_at` FROM `notes` AS t0 LEFT JOIN `notes` AS t1 ON t1.`id` = t0.`parent_id` WHERE t0.`deleted_at` IS NULL;

-- with the first three live replies
SELECT t0.`id`, t0.`text`, t0.`parent_id`, t0.`deleted_at` FROM `notes` AS t0 WHERE t0.`deleted_at` IS NULL;
SELECT t0.`id`, t0.`text`, t0.`parent_id`, t0.`deleted_at` FROM ((SELECT t1.`id`, t1.`text`, t1.`parent_id`, t1.`deleted_at` FROM `notes` AS t1 WHERE t1.`parent_id` = ? AND t1.`deleted_at` IS NULL ORDER BY t1.`id` LIMIT 3)) AS t0 ORDER BY t0.`id`;

-- all of whose live replies match
SELECT t0.`id`, t0.`text`, t0.`parent_id`, t0.`deleted_at` FROM `notes` AS t0 WHERE (NOT EXISTS (SELECT 1 FROM `notes` AS t1 WHERE t1.`parent_id` = t0.`id` AND t1.`deleted_at` IS NULL AND (t1.`text` = ?) IS NOT TRUE) AND t0.`deleted_at` IS NULL);

-- any of whose replies matches
SELECT t0.`id`, t0.`text`, t0.`parent_id`, t0.`deleted_at` FROM `notes` AS t0 WHERE (EXISTS (SELECT 1 FROM `notes` AS t1 WHERE t1.`parent_id` = t0.`id` AND (t1.`text` = ?)) AND t0.`deleted_at` IS NULL);

-- change many live ones
UPDATE `notes` AS t0 SET `text` = ? WHERE (t0.`text` = ? AND t0.`deleted_at` IS NULL);

-- restore many
UPDATE `notes` AS t0 SET `deleted_at` = ? WHERE (t0.`text` = ? AND t0.`deleted_at` IS NOT NULL);

-- delete one softly
emitted;

-- delete many softly
UPDATE `notes` AS t0 SET `deleted_at` = ? WHERE (t0.`text` = ? AND t0.`deleted_at` IS NULL);

-- delete many softly, by others of the same table
UPDATE `notes` AS t0 JOIN (SELECT DISTINCT t1.`id` AS v0 FROM `notes` AS t1 WHERE (EXISTS (SELECT 1 FROM `notes` AS t2 WHERE t2.`parent_id` = t1.`id` AND t2.`deleted_at` IS NULL AND (t2.`text` = ?)) AND t1.`deleted_at` IS NULL)) AS k ON t0.`id` = k.v0 SET t0.`deleted_at` = ?;

-- whose home is in Oslo
SELECT … FROM `members` AS t0 WHERE (t0.`home` IS NOT NULL AND ((JSON_VALUE(t0.`home`, '$."city"') COLLATE utf8mb4_nopad_bin) = ?) IS TRUE);

-- whose home has a price above 1
SELECT … FROM `members` AS t0 WHERE (t0.`home` IS NOT NULL AND (CAST(JSON_VALUE(t0.`home`, '$."price"') AS DECIMAL(18,6)) > ?) IS TRUE);

-- whose home has another key
SELECT … FROM `members` AS t0 WHERE (t0.`home` IS NOT NULL AND (UNHEX(REPLACE(JSON_VALUE(t0.`home`, '$."key"'), '-', '')) <> ?) IS TRUE);

-- whose home is open
SELECT … FROM `members` AS t0 WHERE (t0.`home` IS NOT NULL AND ((JSON_VALUE(t0.`home`, '$."open"') IN ('1', 'true')) = ?) IS TRUE);

-- whose home is known since some time
SELECT … FROM `members` AS t0 WHERE (t0.`home` IS NOT NULL AND (CAST(REPLACE(JSON_VALUE(t0.`home`, '$."since"'), 'Z', '') AS DATETIME(6)) IS NOT NULL) IS TRUE);

-- whose home has an inner one in Oslo
SELECT … FROM `members` AS t0 WHERE (t0.`home` IS NOT NULL AND ((NULLIF(JSON_EXTRACT(t0.`home`, '$."inner"'), 'null') IS NOT NULL AND ((JSON_VALUE(NULLIF(JSON_EXTRACT(t0.`home`, '$."inner"'), 'null'), '$."city"') COLLATE utf8mb4_nopad_bin) = ?) IS TRUE)) IS TRUE);

-- who have a place in Oslo
SELECT … FROM `members` AS t0 WHERE EXISTS (SELECT 1 FROM JSON_TABLE(NULLIF(t0.`places`, ''), '$[*]' COLUMNS (v JSON PATH '$')) AS t1 WHERE ((JSON_VALUE(t1.v, '$."city"') COLLATE utf8mb4_nopad_bin) = ?));

-- who have no place in Oslo
SELECT … FROM `members` AS t0 WHERE NOT EXISTS (SELECT 1 FROM JSON_TABLE(NULLIF(t0.`places`, ''), '$[*]' COLUMNS (v JSON PATH '$')) AS t1 WHERE ((JSON_VALUE(t1.v, '$."city"') COLLATE utf8mb4_nopad_bin) = ?));

-- all of whose places are in Oslo
SELECT … FROM `members` AS t0 WHERE NOT EXISTS (SELECT 1 FROM JSON_TABLE(NULLIF(t0.`places`, ''), '$[*]' COLUMNS (v JSON PATH '$')) AS t1 WHERE ((JSON_VALUE(t1.v, '$."city"') COLLATE utf8mb4_nopad_bin) = ?) IS NOT TRUE);

-- who have a place
SELECT … FROM `members` AS t0 WHERE EXISTS (SELECT 1 FROM JSON_TABLE(NULLIF(t0.`places`, ''), '$[*]' COLUMNS (v JSON PATH '$')) AS t1 WHERE (TRUE));

-- who list the key 7
SELECT … FROM `members` AS t0 WHERE EXISTS (SELECT 1 FROM JSON_TABLE(NULLIF(t0.`tag_ids`, ''), '$[*]' COLUMNS (v LONGTEXT CHARACTER SET utf8mb4 PATH '$')) AS t1 WHERE CAST(t1.v AS SIGNED) = ?);

-- who list the name Ann
SELECT … FROM `members` AS t0 WHERE EXISTS (SELECT 1 FROM JSON_TABLE(NULLIF(t0.`names`, ''), '$[*]' COLUMNS (v LONGTEXT CHARACTER SET utf8mb4 PATH '$')) AS t1 WHERE (t1.v COLLATE utf8mb4_nopad_bin) = ?);

-- who list a friend whose home is in Oslo
SELECT … FROM `members` AS t0 WHERE EXISTS (SELECT 1 FROM JSON_TABLE(NULLIF(t0.`tag_ids`, ''), '$[*]' COLUMNS (v LONGTEXT CHARACTER SET utf8mb4 PATH '$')) AS t1 JOIN `members` AS t2 ON t2.`id` = CAST(t1.v AS SIGNED) WHERE ((t2.`home` IS NOT NULL AND ((JSON_VALUE(t2.`home`, '$."city"') COLLATE utf8mb4_nopad_bin) = ?) IS TRUE)));

-- all of whose friends have a home in Oslo
SELECT … FROM `members` AS t0 WHERE NOT EXISTS (SELECT 1 FROM JSON_TABLE(NULLIF(t0.`tag_ids`, ''), '$[*]' COLUMNS (v LONGTEXT CHARACTER SET utf8mb4 PATH '$')) AS t1 JOIN `members` AS t2 ON t2.`id` = CAST(t1.v AS SIGNED) WHERE ((t2.`home` IS NOT NULL AND ((JSON_VALUE(t2.`home`, '$."city"') COLLATE utf8mb4_nopad_bin) = ?) IS TRUE)) IS NOT TRUE);

-- with the friends
SELECT … FROM `members` AS t0;
SELECT … FROM `members` AS t0 WHERE t0.`id` IN (SELECT k.v0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k);

-- with the first friend
SELECT … FROM `members` AS t0;
SELECT … FROM `members` AS t0 WHERE t0.`id` IN (SELECT k.v0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k);

-- with the friends but one, latest first
SELECT … FROM `members` AS t0;
SELECT … FROM `members` AS t0 WHERE t0.`id` IN (SELECT k.v0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k) ORDER BY t0.`id` DESC;

-- with the second friend in Oslo, by number of friends and what these list
SELECT … FROM `members` AS t0;
SELECT … FROM `members` AS t0 WHERE ((t0.`home` IS NOT NULL AND ((JSON_VALUE(t0.`home`, '$."city"') COLLATE utf8mb4_nopad_bin) = ?) IS TRUE) AND t0.`id` IN (SELECT k.v0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k)) ORDER BY (SELECT COUNT(*) FROM JSON_TABLE(NULLIF(t0.`tag_ids`, ''), '$[*]' COLUMNS (v LONGTEXT CHARACTER SET utf8mb4 PATH '$')) AS t1 JOIN `members` AS t2 ON t2.`id` = CAST(t1.v AS SIGNED)) DESC, t0.`id`;
SELECT … FROM `members` AS t0 WHERE t0.`id` IN (SELECT k.v0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k);

-- with how many friends, at most three, and who have more than two in Oslo
SELECT t0.`id`, t0.`home`, t0.`places`, t0.`tag_ids`, t0.`names`, LEAST((SELECT COUNT(*) FROM JSON_TABLE(NULLIF(t0.`tag_ids`, ''), '$[*]' COLUMNS (v LONGTEXT CHARACTER SET utf8mb4 PATH '$')) AS t1 JOIN `members` AS t2 ON t2.`id` = CAST(t1.v AS SIGNED)), 3) FROM `members` AS t0 WHERE (SELECT COUNT(*) FROM JSON_TABLE(NULLIF(t0.`tag_ids`, ''), '$[*]' COLUMNS (v LONGTEXT CHARACTER SET utf8mb4 PATH '$')) AS t3 JOIN `members` AS t4 ON t4.`id` = CAST(t3.v AS SIGNED) WHERE (t4.`home` IS NOT NULL AND ((JSON_VALUE(t4.`home`, '$."city"') COLLATE utf8mb4_nopad_bin) = ?) IS TRUE)) > ?;

-- any of whose courses matches
SELECT … FROM `students` AS t0 WHERE EXISTS (SELECT 1 FROM `lessons` AS t1 WHERE t1.`student_id` = t0.`id` AND t1.`deleted_at` IS NULL AND (EXISTS (SELECT 1 FROM `courses` AS t2 WHERE t2.`id` = t1.`course_id` AND t2.`deleted_at` IS NULL AND (t2.`name` = ?))));

-- none of whose courses matches
SELECT … FROM `students` AS t0 WHERE NOT EXISTS (SELECT 1 FROM `lessons` AS t1 WHERE t1.`student_id` = t0.`id` AND t1.`deleted_at` IS NULL AND (EXISTS (SELECT 1 FROM `courses` AS t2 WHERE t2.`id` = t1.`course_id` AND t2.`deleted_at` IS NULL AND (t2.`name` = ?))));

-- all of whose courses match
SELECT … FROM `students` AS t0 WHERE NOT EXISTS (SELECT 1 FROM `lessons` AS t1 WHERE t1.`student_id` = t0.`id` AND t1.`deleted_at` IS NULL AND (EXISTS (SELECT 1 FROM `courses` AS t2 WHERE t2.`id` = t1.`course_id` AND t2.`deleted_at` IS NULL AND (t2.`name` = ?) IS NOT TRUE)));

-- any of whose courses in late lessons matches
SELECT … FROM `students` AS t0 WHERE EXISTS (SELECT 1 FROM `lessons` AS t1 WHERE t1.`student_id` = t0.`id` AND (t1.`deleted_at` IS NULL AND t1.`day` > ?) AND (EXISTS (SELECT 1 FROM `courses` AS t2 WHERE t2.`id` = t1.`course_id` AND t2.`deleted_at` IS NULL AND (t2.`name` = ?))));

-- all of whose courses in late lessons match
SELECT … FROM `students` AS t0 WHERE NOT EXISTS (SELECT 1 FROM `lessons` AS t1 WHERE t1.`student_id` = t0.`id` AND (t1.`deleted_at` IS NULL AND t1.`day` > ?) AND (EXISTS (SELECT 1 FROM `courses` AS t2 WHERE t2.`id` = t1.`course_id` AND t2.`deleted_at` IS NULL AND (t2.`name` = ?) IS NOT TRUE)));

-- the courses of one student
SELECT … FROM `courses` AS t0 WHERE (t0.`id` IN (SELECT t1.`course_id` FROM `lessons` AS t1 WHERE (t1.`student_id` = ? AND t1.`deleted_at` IS NULL)) AND t0.`deleted_at` IS NULL);

-- with the courses
SELECT … FROM `students` AS t0;
SELECT l.v0, t0.`id`, t0.`name`, t0.`deleted_at` FROM (SELECT DISTINCT t1.`student_id` AS v0, t1.`course_id` AS w0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k JOIN `lessons` AS t1 ON t1.`student_id` = k.v0 WHERE t1.`deleted_at` IS NULL) AS l JOIN `courses` AS t0 ON t0.`id` = l.w0 WHERE t0.`deleted_at` IS NULL;

-- with the courses of late lessons, by name
SELECT … FROM `students` AS t0;
SELECT l.v0, t0.`id`, t0.`name`, t0.`deleted_at` FROM (SELECT DISTINCT t1.`student_id` AS v0, t1.`course_id` AS w0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k JOIN `lessons` AS t1 ON t1.`student_id` = k.v0 WHERE (t1.`deleted_at` IS NULL AND t1.`day` > ?)) AS l JOIN `courses` AS t0 ON t0.`id` = l.w0 WHERE (t0.`deleted_at` IS NULL AND t0.`name` = ?) ORDER BY t0.`name`;

-- with the first two courses of late lessons
SELECT … FROM `students` AS t0;
SELECT t0.v0, t0.`id`, t0.`name`, t0.`deleted_at` FROM ((SELECT l.v0 AS v0, t1.`id`, t1.`name`, t1.`deleted_at` FROM (SELECT DISTINCT t2.`student_id` AS v0, t2.`course_id` AS w0 FROM `lessons` AS t2 WHERE t2.`student_id` = ? AND (t2.`deleted_at` IS NULL AND t2.`day` > ?)) AS l JOIN `courses` AS t1 ON t1.`id` = l.w0 WHERE TRUE AND (t1.`deleted_at` IS NULL AND t1.`name` = ?) ORDER BY t1.`name`, t1.`id` LIMIT 2 OFFSET 1)) AS t0 ORDER BY t0.`name`, t0.`id`;

-- with the courses by links of which a pair has one
SELECT … FROM `students` AS t0;
SELECT l.v0, t0.`id`, t0.`name`, t0.`deleted_at` FROM (SELECT t1.`student_id` AS v0, t1.`course_id` AS w0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k JOIN `memberships` AS t1 ON t1.`student_id` = k.v0) AS l JOIN `courses` AS t0 ON t0.`id` = l.w0 WHERE t0.`deleted_at` IS NULL;

-- with the first course by links of which a pair has one
SELECT … FROM `students` AS t0;
SELECT t0.v0, t0.`id`, t0.`name`, t0.`deleted_at` FROM ((SELECT l.v0 AS v0, t1.`id`, t1.`name`, t1.`deleted_at` FROM (SELECT t2.`student_id` AS v0, t2.`course_id` AS w0 FROM `memberships` AS t2 WHERE t2.`student_id` = ?) AS l JOIN `courses` AS t1 ON t1.`id` = l.w0 WHERE TRUE AND t1.`deleted_at` IS NULL ORDER BY t1.`id` LIMIT 1)) AS t0 ORDER BY t0.`id`;

-- with the shifts, by a key of two parts
SELECT … FROM `students` AS t0;
SELECT l.v0, t0.`employee_id`, t0.`day` FROM (SELECT DISTINCT t1.`student_id` AS v0, t1.`shift_employee_id` AS w0, t1.`shift_day` AS w1 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k JOIN `watches` AS t1 ON t1.`student_id` = k.v0) AS l JOIN `shifts` AS t0 ON t0.`employee_id` = l.w0 AND t0.`day` = l.w1;

-- with the first shift, by a key of two parts
SELECT … FROM `students` AS t0;
SELECT t0.v0, t0.`employee_id`, t0.`day` FROM ((SELECT l.v0 AS v0, t1.`employee_id`, t1.`day` FROM (SELECT DISTINCT t2.`student_id` AS v0, t2.`shift_employee_id` AS w0, t2.`shift_day` AS w1 FROM `watches` AS t2 WHERE t2.`student_id` = ?) AS l JOIN `shifts` AS t1 ON t1.`employee_id` = l.w0 AND t1.`day` = l.w1 WHERE TRUE ORDER BY t1.`employee_id`, t1.`day` LIMIT 1)) AS t0 ORDER BY t0.`employee_id`, t0.`day`;

-- with the one course
SELECT … FROM `students` AS t0;
SELECT l.v0, t0.`id`, t0.`name`, t0.`deleted_at` FROM (SELECT DISTINCT t1.`student_id` AS v0, t1.`course_id` AS w0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k JOIN `lessons` AS t1 ON t1.`student_id` = k.v0 WHERE t1.`deleted_at` IS NULL) AS l JOIN `courses` AS t0 ON t0.`id` = l.w0 WHERE t0.`deleted_at` IS NULL ORDER BY t0.`id`;

-- with lessons and their courses
SELECT … FROM `students` AS t0;
SELECT t0.`id`, t0.`student_id`, t0.`course_id`, t0.`day`, t0.`deleted_at`, t1.`id`, t1.`name`, t1.`deleted_at` FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k JOIN `lessons` AS t0 ON t0.`student_id` = k.v0 LEFT JOIN `courses` AS t1 ON t1.`id` = t0.`course_id` AND t1.`deleted_at` IS NULL WHERE (t0.`deleted_at` IS NULL AND EXISTS (SELECT 1 FROM `courses` AS t2 WHERE t2.`id` = t0.`course_id` AND t2.`deleted_at` IS NULL));

-- with late lessons and their courses, deleted or not, by day and name
SELECT … FROM `students` AS t0;
SELECT t0.`id`, t0.`student_id`, t0.`course_id`, t0.`day`, t0.`deleted_at`, t1.`id`, t1.`name`, t1.`deleted_at` FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k JOIN `lessons` AS t0 ON t0.`student_id` = k.v0 LEFT JOIN `courses` AS t1 ON t1.`id` = t0.`course_id` AND t1.`name` = ? WHERE (t0.`deleted_at` IS NULL AND t0.`day` > ? AND EXISTS (SELECT 1 FROM `courses` AS t2 WHERE t2.`id` = t0.`course_id` AND t2.`name` = ?)) ORDER BY t0.`day` DESC, (SELECT t3.`name` FROM `courses` AS t3 WHERE t3.`id` = t0.`course_id`);

-- with the first lesson and its course, by name
SELECT … FROM `students` AS t0;
SELECT t0.`id`, t0.`student_id`, t0.`course_id`, t0.`day`, t0.`deleted_at`, t1.`id`, t1.`name`, t1.`deleted_at` FROM ((SELECT t2.`id`, t2.`student_id`, t2.`course_id`, t2.`day`, t2.`deleted_at` FROM `lessons` AS t2 WHERE t2.`student_id` = ? AND (t2.`deleted_at` IS NULL AND EXISTS (SELECT 1 FROM `courses` AS t3 WHERE t3.`id` = t2.`course_id` AND t3.`deleted_at` IS NULL)) ORDER BY (SELECT t4.`name` FROM `courses` AS t4 WHERE t4.`id` = t2.`course_id`), t2.`id` LIMIT 1)) AS t0 LEFT JOIN `courses` AS t1 ON t1.`id` = t0.`course_id` AND t1.`deleted_at` IS NULL ORDER BY (SELECT t5.`name` FROM `courses` AS t5 WHERE t5.`id` = t0.`course_id`), t0.`id`;

-- with how many courses, at most three, of late lessons
SELECT t0.`id`, t0.`name`, LEAST((SELECT COUNT(*) FROM `courses` AS t1 WHERE t1.`id` IN (SELECT t2.`course_id` FROM `lessons` AS t2 WHERE t2.`student_id` = t0.`id` AND (t2.`deleted_at` IS NULL AND t2.`day` > ?)) AND t1.`deleted_at` IS NULL), 3) FROM `students` AS t0;

-- who have more than two clubs
SELECT … FROM `students` AS t0 WHERE (SELECT COUNT(*) FROM `courses` AS t1 WHERE t1.`id` IN (SELECT t2.`course_id` FROM `memberships` AS t2 WHERE t2.`student_id` = t0.`id`) AND t1.`deleted_at` IS NULL) > ?;

-- change links of students that have more than two of them
UPDATE `lessons` AS t0 JOIN (SELECT DISTINCT t1.`id` AS v0 FROM `lessons` AS t1 WHERE EXISTS (SELECT 1 FROM `students` AS t2 WHERE t2.`id` = t1.`student_id` AND ((SELECT COUNT(*) FROM `courses` AS t3 WHERE t3.`id` IN (SELECT t4.`course_id` FROM `lessons` AS t4 WHERE t4.`student_id` = t2.`id` AND t4.`deleted_at` IS NULL) AND t3.`deleted_at` IS NULL) > ?))) AS k ON t0.`id` = k.v0 SET t0.`day` = ?;

-- delete what is linked
SELECT … FROM `courses` AS t0 WHERE (t0.`id` IN (SELECT t1.`course_id` FROM `lessons` AS t1 WHERE (t1.`student_id` = ? AND t1.`deleted_at` IS NULL)) AND t0.`name` = ? AND t0.`deleted_at` IS NULL);

-- with how many remarks about it, in the order of some of them
SELECT t0.`id`, t0.`frame_type`, t0.`photo_id`, t0.`deleted_at`, (SELECT COUNT(*) FROM `remarks` AS t1 WHERE t1.`subject_id` = t0.`id` AND t1.`subject_type` = 'Photo') FROM `photos` AS t0 WHERE t0.`deleted_at` IS NULL ORDER BY (SELECT COUNT(*) FROM `remarks` AS t2 WHERE t2.`subject_id` = t0.`id` AND t2.`subject_type` = 'Photo' AND t2.`text` = ?) DESC;

-- of all rows
SELECT COUNT(*), COUNT(t0.`weight`), COUNT(DISTINCT t0.`weight`), SUM(t0.`price`), SUM(t0.`pieces`), SUM(t0.`price`), COUNT(t0.`price`), (SUM(t0.`pieces`) + 0E0) / COUNT(t0.`pieces`), MIN(t0.`id`), MAX(t0.`sold`), MAX(t0.`weight`) FROM `samples` AS t0 WHERE t0.`pieces` > ?;

-- of groups that match, the second by their sums
SELECT t0.`sold`, t0.`pieces`, COUNT(*) FROM `samples` AS t0 GROUP BY t0.`sold`, t0.`pieces` HAVING ((COUNT(*) > ? AND SUM(t0.`pieces`) > ?) OR NOT ((SUM(t0.`weight`) + 0E0) / COUNT(t0.`weight`) > ?)) ORDER BY SUM(t0.`pieces`) DESC, t0.`pieces` DESC, t0.`sold` LIMIT 1 OFFSET 1;

-- different values in their order
SELECT t0.`weight` FROM `samples` AS t0 GROUP BY t0.`weight` ORDER BY t0.`weight`;

-- store or change a row, by its id
SELECT EXISTS (SELECT 1 FROM `labels` AS t0 WHERE t0.`id` = ?);
SELECT … FROM labels AS t0 WHERE t0.`id` = ? FOR UPDATE;
UPDATE `labels` AS t0 SET `text` = ?, `stock` = ?, `price` = ?, `worth` = ?, `ratio` = ?, `count` = ?, `deleted_at` = ?, `version` = `version` + 1 WHERE t0.`id` = ? AND t0.`deleted_at` IS NOT NULL;
SELECT … FROM labels AS t0 WHERE id = …;

-- store or change a row, by a unique key of live rows
SELECT EXISTS (SELECT 1 FROM `labels` AS t0 WHERE (t0.`text` = ? AND t0.`deleted_at` IS NULL));
SELECT … FROM labels AS t0 WHERE (t0.`text` = ? AND t0.`deleted_at` IS NULL) FOR UPDATE;
UPDATE `labels` AS t0 SET `stock` = ?, `version` = `version` + 1 WHERE t0.`id` = ? AND t0.`deleted_at` IS NULL;
SELECT … FROM labels AS t0 WHERE id = …;

-- store or change many, of which some give more
SELECT EXISTS (SELECT 1 FROM `labels` AS t0 WHERE (t0.`text` = ? AND t0.`deleted_at` IS NULL));
SELECT … FROM labels AS t0 WHERE (t0.`text` = ? AND t0.`deleted_at` IS NULL) FOR UPDATE;
SELECT EXISTS (SELECT 1 FROM `labels` AS t0 WHERE (t0.`text` = ? AND t0.`deleted_at` IS NULL));
SELECT … FROM labels AS t0 WHERE (t0.`text` = ? AND t0.`deleted_at` IS NULL) FOR UPDATE;
SELECT EXISTS (SELECT 1 FROM `labels` AS t0 WHERE (t0.`text` = ? AND t0.`deleted_at` IS NULL));
SELECT … FROM labels AS t0 WHERE (t0.`text` = ? AND t0.`deleted_at` IS NULL) FOR UPDATE;
UPDATE `labels` AS t0 SET `stock` = ?, `count` = ?, `version` = `version` + 1 WHERE t0.`id` = ? AND t0.`deleted_at` IS NULL;
SELECT … FROM labels AS t0 WHERE id = …;

-- store what is nothing but its key
SELECT EXISTS (SELECT 1 FROM `shifts` AS t0 WHERE t0.`employee_id` = ? AND t0.`day` = ?);
SELECT t0.`employee_id`, t0.`day` FROM `shifts` AS t0 WHERE t0.`employee_id` = ? AND t0.`day` = ? FOR UPDATE;
SELECT EXISTS (SELECT 1 FROM `shifts` AS t0 WHERE t0.`employee_id` = ? AND t0.`day` = ?);
SELECT t0.`employee_id`, t0.`day` FROM `shifts` AS t0 WHERE t0.`employee_id` = ? AND t0.`day` = ? FOR UPDATE;

-- store or change a row whose key others follow
SELECT EXISTS (SELECT 1 FROM `boards` AS t0 WHERE t0.`id` = ?);
 WHERE t0.`id` = ? FOR UPDATE;
SELECT t0.`id`, t0.`code` FROM `boards` AS t0 WHERE (t0.`id` = ? AND (t0.`code` <> ?)) FOR UPDATE;
UPDATE `boards` AS t0 SET `code` = ? WHERE t0.`id` = ?;
;
UPDATE `cards` AS t0 JOIN (SELECT DISTINCT t1.`id` AS v0 FROM `cards` AS t1 WHERE t1.`board_code` IN (SELECT k.v0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin PATH '$')) AS k)) AS k ON t0.`id` = k.v0 SET t0.`board_code` = ?, t0.`version` = t0.`version` + 1;

-- compute of one row
UPDATE `labels` AS t0 SET `text` = ?, `stock` = CASE WHEN `stock` + ? < ? OR `stock` + ? > ? THEN CAST(EXP(1000 + 0 * `stock`) AS SIGNED) ELSE `stock` + ? END, `version` = `version` + 1 WHERE t0.`id` = ? AND t0.`deleted_at` IS NULL;
SELECT … FROM labels AS t0 WHERE id = …;

-- compute numbers of every type
UPDATE `labels` AS t0 SET `text` = ?, `stock` = CASE WHEN `stock` + ? < ? OR `stock` + ? > ? THEN CAST(EXP(1000 + 0 * `stock`) AS SIGNED) ELSE `stock` + ? END, `price` = `price` - CAST(? AS DECIMAL(6, 2)), `worth` = `worth` + CAST(? AS DECIMAL(28, 2)), `ratio` = CASE WHEN `ratio` - ? > ? THEN EXP(1000 + 0 * `ratio`) ELSE `ratio` - ? END, `count` = `count` + ?, `version` = `version` + 1 WHERE (t0.`text` = ? AND t0.`deleted_at` IS NULL);

-- after a key
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0 WHERE (t0.`id` > ?) ORDER BY t0.`id` LIMIT 10;

-- from a key on, backwards
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0 WHERE (t0.`id` <= ?) ORDER BY t0.`id` DESC LIMIT 10;

-- after a key of two parts
SELECT t0.`employee_id`, t0.`day` FROM `shifts` AS t0 WHERE ((t0.`employee_id` >= ? AND (t0.`employee_id` > ? OR (t0.`day` > ?)))) ORDER BY t0.`employee_id`, t0.`day` LIMIT 10;

-- after a name, then by key
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0 WHERE ((t0.`name` >= ? AND (t0.`name` > ? OR (t0.`id` > ?)))) ORDER BY t0.`name`, t0.`id` LIMIT 10;

-- after a name, descending, then by key
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0 WHERE ((t0.`name` <= ? AND (t0.`name` < ? OR (t0.`id` > ?)))) ORDER BY t0.`name` DESC, t0.`id` LIMIT 10;

-- after what is optional
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0 WHERE ((t0.`boss_id` >= ? AND (t0.`boss_id` > ? OR (t0.`id` > ?)))) ORDER BY t0.`boss_id`, t0.`id` LIMIT 10;

-- after what is optional, descending
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0 WHERE ((t0.`boss_id` <= ? AND (t0.`boss_id` < ? OR (t0.`id` > ?))) OR t0.`boss_id` IS NULL) ORDER BY t0.`boss_id` DESC, t0.`id` LIMIT 10;

-- after NULL
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0 WHERE (t0.`boss_id` IS NOT NULL OR (t0.`id` > ?)) ORDER BY t0.`boss_id`, t0.`id` LIMIT 10;

-- after NULL, descending
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0 WHERE (t0.`boss_id` IS NULL AND (t0.`id` > ?)) ORDER BY t0.`boss_id` DESC, t0.`id` LIMIT 10;

-- after the name of a boss, and by how many shifts
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version`, (SELECT COUNT(*) FROM `shifts` AS t1 WHERE t1.`employee_id` = t0.`id`) FROM `staff_employees` AS t0 WHERE ((SELECT t2.`name` FROM `staff_employees` AS t2 WHERE t2.`id` = t0.`boss_id`) IS NULL AND (((SELECT COUNT(*) FROM `shifts` AS t3 WHERE t3.`employee_id` = t0.`id`) >= ? AND ((SELECT COUNT(*) FROM `shifts` AS t4 WHERE t4.`employee_id` = t0.`id`) > ? OR (t0.`id` > ?))))) ORDER BY (SELECT t5.`name` FROM `staff_employees` AS t5 WHERE t5.`id` = t0.`boss_id`) DESC, (SELECT COUNT(*) FROM `shifts` AS t6 WHERE t6.`employee_id` = t0.`id`), t0.`id` LIMIT 10;

-- locked
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0 WHERE t0.`name` = ? FOR UPDATE;

-- locked but for the key, without those that are
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0 WHERE t0.`name` = ? FOR UPDATE SKIP LOCKED;

-- shared, at once, with the boss
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0 WHERE t0.`name` = ? LOCK IN SHARE MODE NOWAIT;
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k JOIN `staff_employees` AS t0 ON t0.`id` = k.v0;

-- what the list of one row leads to, latest first
SELECT t0.`tag_ids` FROM `members` AS t0 WHERE t0.`id` = ?;
SELECT … FROM `members` AS t0 WHERE t0.`id` IN (SELECT k.v0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k) ORDER BY t0.`id` DESC;

-- about an employee called Bob
SELECT … FROM `remarks` AS t0 WHERE EXISTS (SELECT 1 FROM `staff_employees` AS t1 WHERE t1.`id` = t0.`subject_id` AND t0.`subject_type` = 'Employee' AND (t1.`name` = ?));

-- about a photo, and not about such
SELECT … FROM `remarks` AS t0 WHERE (NOT (EXISTS (SELECT 1 FROM `photos` AS t1 WHERE t1.`id` = t0.`subject_id` AND t0.`subject_type` = 'Photo' AND t1.`deleted_at` IS NULL AND (t1.`frame_type` = ?))) AND EXISTS (SELECT 1 FROM `photos` AS t2 WHERE t2.`id` = t0.`subject_id` AND t0.`subject_type` = 'Photo' AND t2.`deleted_at` IS NULL));

-- with the subject, which is a photo
SELECT … FROM `remarks` AS t0;
SELECT t0.`id`, t0.`frame_type`, t0.`photo_id`, t0.`deleted_at` FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k JOIN `photos` AS t0 ON t0.`id` = k.v0 WHERE t0.`deleted_at` IS NULL;

-- with the subject, which is such a photo, and its remarks
SELECT … FROM `remarks` AS t0;
SELECT t0.`id`, t0.`frame_type`, t0.`photo_id`, t0.`deleted_at` FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k JOIN `photos` AS t0 ON t0.`id` = k.v0 WHERE (t0.`deleted_at` IS NULL AND t0.`frame_type` = ?);
SELECT t0.`id`, t0.`text`, t0.`subject_id`, t0.`subject_type` FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k JOIN `remarks` AS t0 ON t0.`subject_id` = k.v0 AND t0.`subject_type` = 'Photo';

-- the subject of one remark
SELECT … FROM `remarks` AS t0 WHERE t0.`id` = ?;
SELECT t0.`id`, t0.`frame_type`, t0.`photo_id`, t0.`deleted_at` FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k JOIN `photos` AS t0 ON t0.`id` = k.v0 WHERE t0.`deleted_at` IS NULL;

-- with the remarks about it
SELECT … FROM `photos` AS t0 WHERE t0.`deleted_at` IS NULL;
SELECT t0.`id`, t0.`text`, t0.`subject_id`, t0.`subject_type` FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k JOIN `remarks` AS t0 ON t0.`subject_id` = k.v0 AND t0.`subject_type` = 'Photo' WHERE t0.`text` = ?;

-- with the first remark about it
SELECT … FROM `photos` AS t0 WHERE t0.`deleted_at` IS NULL;
SELECT t0.`id`, t0.`text`, t0.`subject_id`, t0.`subject_type` FROM ((SELECT t1.`id`, t1.`text`, t1.`subject_id`, t1.`subject_type` FROM `remarks` AS t1 WHERE t1.`subject_id` = ? AND t1.`subject_type` = 'Photo' ORDER BY t1.`id` LIMIT 1)) AS t0 ORDER BY t0.`id`;

-- all of whose remarks match
SELECT … FROM `photos` AS t0 WHERE (NOT EXISTS (SELECT 1 FROM `remarks` AS t1 WHERE t1.`subject_id` = t0.`id` AND t1.`subject_type` = 'Photo' AND (t1.`text` = ?) IS NOT TRUE) AND t0.`deleted_at` IS NULL);

-- with the frame, which is a photo
SELECT … FROM `photos` AS t0 WHERE t0.`deleted_at` IS NULL;
SELECT t0.`id`, t0.`frame_type`, t0.`photo_id`, t0.`deleted_at` FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k JOIN `photos` AS t0 ON t0.`photo_id` = k.v0 WHERE t0.`deleted_at` IS NULL ORDER BY t0.`id`;

-- in a frame that is a photo
SELECT … FROM `photos` AS t0 WHERE (EXISTS (SELECT 1 FROM `photos` AS t1 WHERE t1.`photo_id` = t0.`id` AND t0.`frame_type` = 'Photo' AND t1.`deleted_at` IS NULL AND (t1.`frame_type` = ?)) AND t0.`deleted_at` IS NULL);

-- with what it shows
SELECT … FROM `photos` AS t0 WHERE t0.`deleted_at` IS NULL;
SELECT l.v0, t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM (SELECT DISTINCT t1.`photo_id` AS v0, t1.`shown_id` AS w0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k JOIN `showings` AS t1 ON t1.`photo_id` = k.v0 WHERE t1.`shown_type` = 'Employee') AS l JOIN `staff_employees` AS t0 ON t0.`id` = l.w0;
SELECT l.v0, t0.`id`, t0.`frame_type`, t0.`photo_id`, t0.`deleted_at` FROM (SELECT DISTINCT t1.`photo_id` AS v0, t1.`shown_id` AS w0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k JOIN `showings` AS t1 ON t1.`photo_id` = k.v0 WHERE t1.`shown_type` = 'Photo') AS l JOIN `photos` AS t0 ON t0.`id` = l.w0 WHERE t0.`deleted_at` IS NULL;

-- with the first that it shows of each model
SELECT … FROM `photos` AS t0 WHERE t0.`deleted_at` IS NULL;
SELECT t0.vv0, t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM ((SELECT l.v0 AS vv0, t1.`id`, t1.`name`, t1.`boss_id`, t1.`version` FROM (SELECT DISTINCT t2.`photo_id` AS v0, t2.`shown_id` AS w0 FROM `showings` AS t2 WHERE t2.`photo_id` = ? AND t2.`shown_type` = 'Employee') AS l JOIN `staff_employees` AS t1 ON t1.`id` = l.w0 WHERE TRUE ORDER BY t1.`id` LIMIT 1)) AS t0 ORDER BY t0.`id`;
SELECT t0.v0, t0.`id`, t0.`frame_type`, t0.`photo_id`, t0.`deleted_at` FROM ((SELECT l.v0 AS v0, t1.`id`, t1.`frame_type`, t1.`photo_id`, t1.`deleted_at` FROM (SELECT DISTINCT t2.`photo_id` AS v0, t2.`shown_id` AS w0 FROM `showings` AS t2 WHERE t2.`photo_id` = ? AND t2.`shown_type` = 'Photo') AS l JOIN `photos` AS t1 ON t1.`id` = l.w0 WHERE TRUE AND t1.`deleted_at` IS NULL ORDER BY t1.`id` LIMIT 1)) AS t0 ORDER BY t0.`id`;

-- showing an employee called Bob
SELECT … FROM `photos` AS t0 WHERE (EXISTS (SELECT 1 FROM `showings` AS t1 WHERE t1.`photo_id` = t0.`id` AND t1.`shown_type` = 'Employee' AND (EXISTS (SELECT 1 FROM `staff_employees` AS t2 WHERE t2.`id` = t1.`shown_id` AND t1.`shown_type` = 'Employee' AND (t2.`name` = ?)))) AND t0.`deleted_at` IS NULL);

-- delete the frame, where it is a photo
UPDATE `photos` AS t0 JOIN (SELECT DISTINCT t1.`id` AS v0 FROM `photos` AS t1 WHERE (t1.`photo_id` = ? AND EXISTS (SELECT 1 FROM `photos` AS t2 WHERE t1.`photo_id` = t2.`id` AND t2.`frame_type` = 'Photo' AND t2.`id` = ? AND t2.`deleted_at` IS NULL) AND t1.`deleted_at` IS NULL)) AS k ON t0.`id` = k.v0 SET t0.`deleted_at` = ?;
UPDATE `photos` AS t0 SET `frame_type` = ? WHERE (t0.`id` = ? AND t0.`frame_type` = 'Photo' AND t0.`frame_type` IS NOT NULL AND t0.`deleted_at` IS NULL);

-- delete the frame, of whatever model
DELETE t0 FROM `breaks` AS t0 WHERE t0.`minutes` = ?;
UPDATE `photos` AS t0 SET `deleted_at` = ? WHERE (t0.`photo_id` = ? AND t0.`deleted_at` IS NULL AND t0.`deleted_at` IS NULL);
UPDATE `photos` AS t0 SET `frame_type` = ? WHERE (t0.`id` = ? AND t0.`frame_type` IS NOT NULL AND t0.`deleted_at` IS NULL);
