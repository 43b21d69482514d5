//! Models that statements are about: small ones, as emitted code has them.

use crate::meta::{
    Action, DatasourceMeta, DependentMeta, Dialects, ForeignKeyMeta, Form, Kind, ModelMeta, ModelSql, PropertyMeta,
    RelationKind, RelationMeta, SchemaMeta,
};
use crate::model::{Input, Model};
use crate::row::Row;
use crate::value::{Mismatch, Value};

/// What selects every column of a table, without naming them.
macro_rules! select {
    ($table:literal) => {
        Dialects {
            sqlite: concat!("SELECT … FROM \"", $table, "\" AS t0"),
            postgres: concat!("SELECT … FROM \"", $table, "\" AS t0"),
            mysql: concat!("SELECT … FROM `", $table, "` AS t0"),
        }
    };
}

pub(super) use select;

/// With its first property for a key, and nothing else to say; to be completed.
pub(super) const fn model(
    name: &'static str,
    table: &'static str,
    properties: &'static [PropertyMeta],
    relations: &'static [RelationMeta],
    select: Dialects<&'static str>,
) -> ModelMeta {
    ModelMeta {
        name,
        table,
        qualified: None,
        datasource: 0,
        properties,
        key: &[0],
        key_name: "pkey",
        version: None,
        soft_delete: None,
        relations,
        uniques: &[],
        foreign_keys: &[],
        dependents: &[],
        sql: ModelSql { select, ..ModelSql::NONE },
        rows: crate::rows::<Anything>,
    }
}

pub(super) const fn property(name: &'static str, kind: Kind, required: bool) -> PropertyMeta {
    PropertyMeta { name, column: name, kind, required, ..PropertyMeta::EMPTY }
}

pub(super) const fn relation(
    name: &'static str,
    kind: RelationKind,
    target: &'static ModelMeta,
    from: &'static [usize],
    to: &'static [usize],
) -> RelationMeta {
    RelationMeta {
        name,
        kind,
        form: Form::Plain,
        target,
        from,
        to,
        required: true,
        strong: true,
        includable: true,
        sql: Dialects::same(""),
    }
}

pub(super) static EMPLOYEE: ModelMeta = ModelMeta {
    name: "Employee",
    table: "staff_employees",
    qualified: Some(("staff", "employees")),
    datasource: 0,
    properties: &[
        property("id", Kind::Integer, true),
        property("name", Kind::String, true),
        property("boss_id", Kind::Integer, false),
        property("version", Kind::Integer, true),
    ],
    key: &[0],
    key_name: "employees_pkey",
    version: Some(3),
    soft_delete: None,
    relations: &[
        relation("boss", RelationKind::BelongsTo, &EMPLOYEE, &[2], &[0]),
        relation("staff", RelationKind::HasMany, &EMPLOYEE, &[0], &[2]),
        relation("shifts", RelationKind::HasMany, &SHIFT, &[0], &[0]),
    ],
    uniques: &[],
    foreign_keys: &[ForeignKeyMeta {
        name: "employees_boss_id_fkey",
        relation: "boss",
        from: &[2],
        target: &EMPLOYEE,
        to: &[0],
    }],
    dependents: &[],
    sql: ModelSql {
        select: Dialects {
            sqlite: r#"SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff_employees" AS t0"#,
            postgres: r#"SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0"#,
            mysql: "SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0",
        },
        select_by_key: Dialects::same("(emitted)"),
        ..ModelSql::NONE
    },
    rows: crate::rows::<Anything>,
};

/// Its key has two parts, and the breaks of a shift have both.
pub(super) static SHIFT: ModelMeta = ModelMeta {
    name: "Shift",
    table: "shifts",
    qualified: None,
    datasource: 0,
    properties: &[property("employee_id", Kind::Integer, true), property("day", Kind::Date, true)],
    key: &[0, 1],
    key_name: "shifts_pkey",
    version: None,
    soft_delete: None,
    relations: &[relation("breaks", RelationKind::HasMany, &BREAK, &[0, 1], &[1, 2])],
    uniques: &[],
    foreign_keys: &[],
    dependents: &[],
    sql: ModelSql {
        select: Dialects {
            sqlite: r#"SELECT t0."employee_id", t0."day" FROM "shifts" AS t0"#,
            postgres: r#"SELECT t0."employee_id", t0."day" FROM "shifts" AS t0"#,
            mysql: "SELECT t0.`employee_id`, t0.`day` FROM `shifts` AS t0",
        },
        ..ModelSql::NONE
    },
    rows: crate::rows::<Anything>,
};

pub(super) static BREAK: ModelMeta = ModelMeta {
    name: "Break",
    table: "breaks",
    qualified: None,
    datasource: 0,
    properties: &[
        property("id", Kind::Uuid, true),
        property("employee_id", Kind::Integer, true),
        property("day", Kind::Date, true),
        property("minutes", Kind::Integer, false),
    ],
    key: &[0],
    key_name: "breaks_pkey",
    version: None,
    soft_delete: None,
    relations: &[],
    uniques: &[],
    foreign_keys: &[],
    dependents: &[],
    sql: ModelSql {
        select: Dialects {
            sqlite: r#"SELECT t0."id", t0."employee_id", t0."day", t0."minutes" FROM "breaks" AS t0"#,
            postgres: r#"SELECT t0."id", t0."employee_id", t0."day", t0."minutes" FROM "breaks" AS t0"#,
            mysql: "SELECT t0.`id`, t0.`employee_id`, t0.`day`, t0.`minutes` FROM `breaks` AS t0",
        },
        ..ModelSql::NONE
    },
    rows: crate::rows::<Anything>,
};

/// Cards lie on a board by its id, and name it by its code; cards lie on each other. No database knows.
pub(crate) static BOARD: ModelMeta = ModelMeta {
    name: "Board",
    table: "boards",
    qualified: None,
    datasource: 0,
    properties: &[property("id", Kind::Integer, true), property("code", Kind::String, false)],
    key: &[0],
    key_name: "boards_pkey",
    version: None,
    soft_delete: None,
    relations: &[],
    uniques: &[],
    foreign_keys: &[],
    dependents: &[
        dependent("board", &[1], &[0], Action::Cascade, Action::NoAction),
        dependent("code", &[2], &[1], Action::SetNull, Action::Cascade),
    ],
    sql: ModelSql::NONE,
    rows: crate::rows::<Anything>,
};

pub(super) static CARD: ModelMeta = ModelMeta {
    name: "Card",
    table: "cards",
    qualified: None,
    datasource: 0,
    properties: &[
        property("id", Kind::Integer, true),
        property("board_id", Kind::Integer, false),
        property("board_code", Kind::String, false),
        property("below_id", Kind::Integer, false),
        property("version", Kind::Integer, true),
    ],
    key: &[0],
    key_name: "cards_pkey",
    version: Some(4),
    soft_delete: None,
    relations: &[],
    uniques: &[],
    foreign_keys: &[],
    dependents: &[dependent("below", &[3], &[0], Action::Cascade, Action::NoAction)],
    sql: ModelSql::NONE,
    rows: crate::rows::<Anything>,
};

const fn dependent(
    relation: &'static str,
    from: &'static [usize],
    to: &'static [usize],
    on_delete: Action,
    on_update: Action,
) -> DependentMeta {
    DependentMeta { holder: &CARD, relation, from, to, named: None, strong: false, on_delete, on_update }
}

pub(crate) static SCHEMA: SchemaMeta = SchemaMeta {
    datasources: &[DatasourceMeta { name: "db", tables: &[] }],
    models: &[&BOARD, &BREAK, &CARD, &EMPLOYEE, &SHIFT],
};

/// A row of any of them: what is in it does not matter.
#[derive(Debug, Clone)]
pub(super) struct Anything;

impl Model for Anything {
    type Id = i64;
    type New = Self;
    type Patch = Self;
    type With = Self;
    const META: &'static ModelMeta = &EMPLOYEE;

    fn from_row(_: &mut Row<'_>) -> Result<Self, Mismatch> {
        Ok(Self)
    }

    fn value(&self, _: usize) -> Value<'_> {
        Value::Unset
    }
}

impl Input for Anything {
    type Model = Self;
    const FIELDS: &'static [usize] = &[];

    fn into_values(self) -> Vec<Value<'static>> {
        Vec::new()
    }

    fn from_row(_: &mut Row<'_>) -> Result<Self, Mismatch> {
        Ok(Self)
    }
}
