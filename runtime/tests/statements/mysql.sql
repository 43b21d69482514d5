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

-- with the boss
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version`, t1.`id`, t1.`name`, t1.`boss_id`, t1.`version` FROM `staff_employees` AS t0 LEFT JOIN `staff_employees` AS t1 ON t1.`id` = t0.`boss_id`;

-- with the boss, if called Bob
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version`, t1.`id`, t1.`name`, t1.`boss_id`, t1.`version` FROM `staff_employees` AS t0 LEFT JOIN `staff_employees` AS t1 ON t1.`id` = t0.`boss_id` AND t1.`name` = ?;

-- with the staff
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0;
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k JOIN `staff_employees` AS t0 ON t0.`boss_id` = k.v0 WHERE t0.`name` = ?;

-- with the first three of the staff
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0;
SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version`, t1.`id`, t1.`name`, t1.`boss_id`, t1.`version` FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k CROSS JOIN LATERAL (SELECT t2.`id`, t2.`name`, t2.`boss_id`, t2.`version` FROM `staff_employees` AS t2 WHERE t2.`boss_id` = k.v0 AND t2.`name` = ? ORDER BY t2.`boss_id` DESC, t2.`name`, t2.`id` LIMIT 3 OFFSET 1) AS t0 LEFT JOIN `staff_employees` AS t1 ON t1.`id` = t0.`boss_id` ORDER BY t0.`boss_id` DESC, t0.`name`, t0.`id`;

-- with the breaks, by a key of two parts
SELECT t0.`employee_id`, t0.`day` FROM `shifts` AS t0;
SELECT t0.`id`, t0.`employee_id`, t0.`day`, t0.`minutes` FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$[0]', v1 DATE PATH '$[1]')) AS k JOIN `breaks` AS t0 ON t0.`employee_id` = k.v0 AND t0.`day` = k.v1;

-- with the first break, by a key of two parts
SELECT t0.`employee_id`, t0.`day` FROM `shifts` AS t0;
SELECT t0.`id`, t0.`employee_id`, t0.`day`, t0.`minutes` FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$[0]', v1 DATE PATH '$[1]')) AS k CROSS JOIN LATERAL (SELECT t1.`id`, t1.`employee_id`, t1.`day`, t1.`minutes` FROM `breaks` AS t1 WHERE t1.`employee_id` = k.v0 AND t1.`day` = k.v1 ORDER BY t1.`id` LIMIT 1) AS t0 ORDER BY t0.`id`;

-- change one, and read it
UPDATE `staff_employees` AS t0 SET `name` = ?, `version` = `version` + 1 WHERE t0.`id` = ?;
(emitted);

-- change many
UPDATE `staff_employees` AS t0 SET `name` = ?, `version` = `version` + 1 WHERE t0.`name` = ?;

-- change many, by others of the same table
UPDATE `staff_employees` AS t0 JOIN (SELECT DISTINCT t1.`id` AS v0 FROM `staff_employees` AS t1 WHERE EXISTS (SELECT 1 FROM `staff_employees` AS t2 WHERE t2.`id` = t1.`boss_id` AND (t2.`name` = ?))) AS k ON t0.`id` = k.v0 SET t0.`name` = ?, t0.`version` = t0.`version` + 1;

-- delete many
DELETE t0 FROM `breaks` AS t0 WHERE t0.`minutes` > ?;

-- delete many that may point at each other
SELECT t0.`id` FROM `staff_employees` AS t0 WHERE EXISTS (SELECT 1 FROM `staff_employees` AS t1 WHERE t1.`id` = t0.`boss_id` AND (t1.`name` = ?)) FOR UPDATE;
UPDATE `staff_employees` AS t0 SET `boss_id` = NULL WHERE t0.`id` IN (SELECT k.v0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k);
DELETE t0 FROM `staff_employees` AS t0 WHERE t0.`id` IN (SELECT k.v0 FROM JSON_TABLE(?, '$[*]' COLUMNS (v0 BIGINT PATH '$')) AS k);
