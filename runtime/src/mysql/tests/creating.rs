//! Tables that are there, missing, or other than the schema says.

use super::*;
use crate::driver::Driver;
use crate::meta::{
    Dialects, EnumMeta, ForeignKeyMeta, Generated, Kind, ModelMeta, ModelSql, NamedSql, PropertyMeta, TableMeta,
    TableSql, UniqueMeta,
};
use crate::row::Rows;

const STATE: EnumMeta = EnumMeta { name: "State", values: &["new", "o'ld\\", "é😀"] };

const fn required(name: &'static str, kind: Kind) -> PropertyMeta {
    PropertyMeta { name, column: name, kind, required: true, ..PropertyMeta::EMPTY }
}

fn no_rows(_: usize) -> Box<dyn Rows> {
    unreachable!("no rows are read")
}

static CUSTOMER: ModelMeta = ModelMeta {
    name: "Customer",
    table: "customers",
    qualified: None,
    datasource: 0,
    properties: &[
        PropertyMeta { generated: Generated::Database, ..required("id", Kind::Integer) },
        PropertyMeta { max_length: Some(100), ..required("email", Kind::String) },
        required("state", Kind::Enum(&STATE)),
        PropertyMeta { required: false, ..required("data", Kind::Json) },
        PropertyMeta { list: true, ..required("tags", Kind::Text) },
        PropertyMeta { required: false, ..required("best_id", Kind::Uuid) },
    ],
    key: &[0],
    key_name: "PRIMARY",
    version: None,
    soft_delete: None,
    relations: &[],
    uniques: &[UniqueMeta { name: "customers_email_key", properties: &[1], live: false }],
    dependents: &[],
    foreign_keys: &[ForeignKeyMeta {
        name: "customers_best_fkey",
        relation: "best",
        from: &[5],
        target: &LINE,
        to: &[0],
    }],
    sql: ModelSql::NONE,
    rows: no_rows,
};

static LINE: ModelMeta = ModelMeta {
    name: "Line",
    table: "li`nes",
    qualified: None,
    datasource: 0,
    properties: &[
        required("id", Kind::Uuid),
        required("customer_id", Kind::Integer),
        PropertyMeta { required: false, ..required("price", Kind::Decimal) },
        required("at", Kind::DateTime),
        required("day", Kind::Date),
        required("hour", Kind::Time),
        required("open", Kind::Boolean),
        required("no", Kind::Int32),
        required("weight", Kind::Number),
        required("file", Kind::Bytes),
        PropertyMeta { max_length: Some(1000), ..required("note", Kind::String) },
    ],
    key: &[0],
    key_name: "PRIMARY",
    version: None,
    soft_delete: None,
    relations: &[],
    uniques: &[],
    dependents: &[],
    foreign_keys: &[ForeignKeyMeta {
        name: "lines_customer_fkey",
        relation: "customer",
        from: &[1],
        target: &CUSTOMER,
        to: &[0],
    }],
    sql: ModelSql::NONE,
    rows: no_rows,
};

const CUSTOMERS: &str = "CREATE TABLE `customers` (\n  `id` BIGINT NOT NULL AUTO_INCREMENT,\n  `email` VARCHAR(100) NOT NULL,\n  `state` \
         VARCHAR(5) NOT NULL,\n  `data` JSON,\n  `tags` JSON NOT NULL,\n  `best_id` BINARY(16),\n  PRIMARY KEY (`id`),\n  \
         CONSTRAINT `customers_email_key` UNIQUE (`email`),\n  CONSTRAINT `customers_state_check` CHECK (`state` IN ('new', \
         'o''ld\\\\', 'é😀'))\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 /*M! COLLATE=utf8mb4_nopad_bin */ /*!80017 \
         COLLATE=utf8mb4_0900_bin */";

const LINES: &str = "CREATE TABLE `li``nes` (\n  `id` BINARY(16) NOT NULL,\n  `customer_id` BIGINT NOT NULL,\n  `price` \
                     DECIMAL(18,6),\n  `at` DATETIME(6) NOT NULL,\n  `day` DATE NOT NULL,\n  `hour` TIME(6) NOT NULL,\n  `open` \
                     BOOLEAN NOT NULL,\n  `no` INT NOT NULL,\n  `weight` DOUBLE NOT NULL,\n  `file` LONGBLOB NOT NULL,\n  `note` \
                     LONGTEXT NOT NULL,\n  PRIMARY KEY (`id`),\n  INDEX `lines_no_idx` (`no`),\n  CONSTRAINT \
                     `lines_customer_fkey` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`) ON DELETE \
                     CASCADE\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 /*M! COLLATE=utf8mb4_nopad_bin */ /*!80017 \
                     COLLATE=utf8mb4_0900_bin */";

const NO_SQL: TableSql = TableSql { create: &[], indexes: &[], constraints: &[] };

static TABLES: &[TableMeta] = &[
    TableMeta {
        model: &CUSTOMER,
        ddl: Dialects {
            sqlite: NO_SQL,
            postgres: NO_SQL,
            mysql: TableSql {
                create: &[CUSTOMERS],
                indexes: &[],
                constraints: &[NamedSql {
                    name: "customers_best_fkey",
                    sql: "ALTER TABLE `customers` ADD CONSTRAINT `customers_best_fkey` FOREIGN KEY (`best_id`) \
                          REFERENCES `li``nes` (`id`) ON DELETE SET NULL",
                }],
            },
        },
    },
    TableMeta {
        model: &LINE,
        ddl: Dialects {
            sqlite: NO_SQL,
            postgres: NO_SQL,
            mysql: TableSql {
                create: &[LINES],
                indexes: &[NamedSql { name: "lines_no_idx", sql: "CREATE INDEX `lines_no_idx` ON `li``nes` (`no`)" }],
                constraints: &[],
            },
        },
    },
];

fn create(database: &Database) -> Result<()> {
    block_on(database.create_tables(TABLES))
}

/// Tables, indexes and foreign keys that there are.
fn objects(database: &Database) -> i64 {
    let counted = "SELECT (SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()) + (SELECT COUNT(*) \
                   FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE()) + (SELECT COUNT(*) FROM \
                   information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE())";
    run(database, Access::Read, &[counted]).unwrap()[0]
}

/// The differences that are told where the tables were made by other statements.
fn differences(statements: &[&str]) -> Vec<String> {
    let Some(scratch) = Scratch::new() else { return Vec::new() };
    let database = scratch.open();
    run(&database, Access::Write, statements).unwrap();
    let before = objects(&database);
    match create(&database) {
        Ok(()) => Vec::new(),
        Err(Error::Migration { differences }) => {
            assert_eq!(objects(&database), before, "nothing is created where something differs");
            differences
        }
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn tables_are_created_once() {
    let Some(scratch) = Scratch::new() else { return };
    let database = scratch.open();
    create(&database).unwrap();
    let made = objects(&database);
    create(&database).unwrap();
    assert_eq!(objects(&database), made);
    assert_eq!(database.pool().open_and_idle(), (1, 1), "the lock was released, not lost with its connection");
}

#[test]
fn what_was_left_unfinished_is_finished() {
    for done in [&[][..], &[CUSTOMERS], &[CUSTOMERS, LINES]] {
        let Some(scratch) = Scratch::new() else { return };
        let database = scratch.open();
        run(&database, Access::Write, done).unwrap();
        create(&database).unwrap();
        let whole = objects(&database);
        run(&database, Access::Write, &["DROP INDEX `lines_no_idx` ON `li``nes`"]).unwrap();
        create(&database).unwrap();
        assert_eq!(objects(&database), whole);
    }
}

#[test]
fn several_programs_at_once_all_succeed() {
    let Some(scratch) = Scratch::new() else { return };
    std::thread::scope(|scope| {
        for _ in 0..6 {
            let scratch = &scratch;
            scope.spawn(move || create(&scratch.open()).unwrap());
        }
    });
}

#[test]
fn every_difference_is_a_sentence() {
    let customers = "CREATE TABLE customers (id BIGINT PRIMARY KEY, email VARCHAR(50) COLLATE utf8mb4_general_ci, data JSON, tags \
                     JSON NOT NULL, best_id BINARY(16), extra INT)";
    let lines = LINES
        .replace("`price` DECIMAL(18,6)", "`price` DECIMAL(10,2) NOT NULL UNIQUE")
        .replace("LONGTEXT", "LONGTEXT COLLATE utf8mb4_bin")
        .replace("ON DELETE CASCADE", "ON DELETE RESTRICT ON UPDATE CASCADE")
        .replace("PRIMARY KEY (`id`)", "PRIMARY KEY (`no`, `id`)");
    let found = differences(&[customers, &lines]);
    if found.is_empty() {
        return;
    }
    let found: Vec<_> = found
        .iter()
        .map(|found| found.replace("utf8mb4_0900_bin", "BIN").replace("utf8mb4_nopad_bin", "BIN"))
        .collect();
    let check = if found.iter().any(|found| found.contains("????")) { "é????" } else { "é😀" };
    assert_eq!(
        found,
        [
            "column `customers.id` is BIGINT, not BIGINT AUTO_INCREMENT",
            "column `customers.email` is VARCHAR(50) COLLATE utf8mb4_general_ci, not VARCHAR(100) COLLATE BIN",
            "column `customers.email` is optional, not NOT NULL",
            "table `customers` has no column `state`",
            "table `customers` has a column `extra`, which the schema has not",
            "table `customers` has no unique constraint on (email)",
            &format!("table `customers` has no CHECK (`state` IN ('new', 'o''ld\\', '{check}'))"),
            "column `li`nes.price` is DECIMAL(10,2), not DECIMAL(18,6)",
            "column `li`nes.price` is NOT NULL, not optional",
            "column `li`nes.note` is LONGTEXT COLLATE utf8mb4_bin, not LONGTEXT COLLATE BIN",
            "the primary key of table `li`nes` is (no, id), not (id)",
            "table `li`nes` has a unique constraint on (price), which the schema has not",
            "table `li`nes` has no foreign key (customer_id) to customers (id) ON DELETE CASCADE",
            "table `li`nes` has a foreign key (customer_id) to customers (id) ON UPDATE CASCADE, which the schema has not",
        ]
    );
}

#[test]
fn another_enum_is_a_difference_and_a_long_text_for_a_string_is_none() {
    let changed = CUSTOMERS.replace("'new'", "'new', 'lost'");
    let found = differences(&[&changed]);
    let is_told = || found.len() == 2 && found[0].contains("has no CHECK (`state` IN") && found[1].contains("'lost'");
    assert!(found.is_empty() || is_told(), "{found:?}");
    let moved =
        CUSTOMERS.replace("CONSTRAINT `customers_email_key` UNIQUE (`email`)", "CONSTRAINT `k` UNIQUE (`email`(60))");
    assert_eq!(differences(&[&moved.replace("VARCHAR(100)", "LONGTEXT")]), [""; 0]);
    let unchecked = CUSTOMERS.replace(" CHECK (`state` IN ('new', 'o''ld\\\\', 'é😀'))", " CHECK (`state` <> '')");
    assert_eq!(differences(&[&unchecked]).len(), found.len());
}

#[test]
fn a_view_is_not_a_table_and_case_is_the_servers() {
    let found = differences(&["CREATE VIEW customers AS SELECT 1 AS id"]);
    assert!(found.is_empty() || found == ["`customers` is a view, not a table"], "{found:?}");
}

#[test]
fn a_call_that_is_dropped_leaves_no_lock() {
    let Some(scratch) = Scratch::new() else { return };
    let database = scratch.open();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    for millis in [0, 1, 2, 4, 8, 16] {
        let limit = Duration::from_millis(millis);
        let _ = runtime.block_on(async { tokio::time::timeout(limit, database.create_tables(TABLES)).await });
    }
    create(&database).unwrap();
}

static NOTE: ModelMeta = ModelMeta {
    name: "Note",
    table: "notes",
    qualified: None,
    datasource: 0,
    properties: &[
        required("id", Kind::Integer),
        required("title", Kind::Integer),
        PropertyMeta { required: false, ..required("deleted_at", Kind::DateTime) },
    ],
    key: &[0],
    key_name: "PRIMARY",
    version: None,
    soft_delete: Some(2),
    relations: &[],
    uniques: &[UniqueMeta { name: "notes_title_key", properties: &[1], live: true }],
    foreign_keys: &[],
    dependents: &[],
    sql: ModelSql::NONE,
    rows: no_rows,
};

const NOTES: &str = "CREATE TABLE `notes` (`id` BIGINT NOT NULL, `title` BIGINT NOT NULL, `deleted_at` DATETIME(6), `live` \
                     BOOLEAN GENERATED ALWAYS AS (CASE WHEN `deleted_at` IS NULL THEN 1 END) VIRTUAL, PRIMARY KEY (`id`), \
                     CONSTRAINT `notes_title_key` UNIQUE (`title`, `live`)) ENGINE=InnoDB";

static NOTES_ALONE: &[TableMeta] = &[TableMeta {
    model: &NOTE,
    ddl: Dialects { sqlite: NO_SQL, postgres: NO_SQL, mysql: TableSql { create: &[NOTES], ..NO_SQL } },
}];

#[test]
fn what_is_unique_among_live_rows_is_not_unique_among_all() {
    let missing = "table `notes` has no unique constraint on (title) where deleted_at is NULL";
    let has = |columns: &str| format!("table `notes` has a unique constraint on {columns}, which the schema has not");
    let odd = NOTES.replace("IS NULL THEN 1", "IS NOT NULL THEN 1").replace("`live`", "`dead`");
    for (table, said) in [
        (NOTES.to_owned(), vec![]),
        (NOTES.replace("`live`", "`alive`"), vec![]),
        (NOTES.replace("(`title`, `live`)", "(`title`)"), vec![missing.to_owned(), has("(title)")]),
        (odd, vec![missing.to_owned(), has("(dead, title)")]),
    ] {
        let Some(scratch) = Scratch::new() else { return };
        let database = scratch.open();
        run(&database, Access::Write, &[&table]).unwrap();
        match block_on(database.create_tables(NOTES_ALONE)) {
            Err(Error::Migration { differences }) => assert_eq!(differences, said, "{table}"),
            other => assert_eq!((other.unwrap(), &*said), ((), &[][..]), "{table}"),
        }
    }
}
