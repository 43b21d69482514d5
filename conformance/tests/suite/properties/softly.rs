//! Random steps that make, rename, delete and restore rows: what is live, what is refused and what still is there are
//! what a plain list says.

use macro_rules_attribute::apply;
use proptest::prelude::*;
use relata::Result;
use relata_conformance::database::Database;
use relata_conformance::flags::{Db, NewTeam, TeamPatch, team};
use relata_conformance::on_every_database;

use super::holds;

/// Ids count from 1; some are nobody's.
#[derive(Debug, Clone, Copy)]
enum Step {
    Create(Name),
    Rename(i64, Name),
    Delete(i64),
    DeleteAll(Name),
    Restore(i64),
    RestoreAll(Name),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Reds,
    Blues,
}

impl Name {
    fn text(self) -> &'static str {
        match self {
            Self::Reds => "Reds",
            Self::Blues => "Blues",
        }
    }
}

fn step() -> impl Strategy<Value = Step> {
    let name = || prop_oneof![Just(Name::Reds), Just(Name::Blues)];
    prop_oneof![
        3 => name().prop_map(Step::Create),
        1 => (1_i64..6, name()).prop_map(|(id, name)| Step::Rename(id, name)),
        2 => (1_i64..6).prop_map(Step::Delete),
        1 => name().prop_map(Step::DeleteAll),
        2 => (1_i64..6).prop_map(Step::Restore),
        1 => name().prop_map(Step::RestoreAll),
    ]
}

/// What a step says: how many rows it is about, or why it is refused.
type Said = std::result::Result<u64, &'static str>;

#[derive(Debug, Clone, Copy)]
struct Row {
    id: i64,
    name: Name,
    live: bool,
}

/// The rows as a list.
#[derive(Debug, Default)]
struct Rows(Vec<Row>);

impl Rows {
    fn is_taken(&self, name: Name, but: i64) -> bool {
        self.0.iter().any(|row| row.live && row.name == name && row.id != but)
    }

    /// The row with that id, in that state.
    fn row(&mut self, id: i64, live: bool) -> std::result::Result<&mut Row, &'static str> {
        self.0.iter_mut().find(|row| row.id == id && row.live == live).ok_or("not_found")
    }

    fn renamed(&mut self, id: i64, name: Name) -> Said {
        self.row(id, true)?;
        if self.is_taken(name, id) {
            return Err("conflict");
        }
        self.row(id, true)?.name = name;
        Ok(1)
    }

    fn restored(&mut self, id: i64) -> Said {
        let name = self.row(id, false)?.name;
        if self.is_taken(name, id) {
            return Err("conflict");
        }
        self.row(id, false)?.live = true;
        Ok(1)
    }

    fn all(&mut self, name: Name, live: bool) -> Said {
        let count = self.0.iter().filter(|row| row.name == name && row.live != live).count();
        if live && (count > 1 || count == 1 && self.is_taken(name, 0)) {
            return Err("conflict");
        }
        self.0.iter_mut().filter(|row| row.name == name).for_each(|row| row.live = live);
        Ok(count as u64)
    }
}

fn said<T>(result: Result<T>, count: impl FnOnce(T) -> u64) -> Said {
    result.map(count).map_err(|error| error.code())
}

/// Takes the step in the database and in the list, and gives what each says.
async fn take(db: &Db, rows: &mut Rows, step: Step) -> (Said, Said) {
    let teams = db.teams();
    match step {
        Step::Create(name) => {
            let made = teams.create(NewTeam::new(name.text())).await;
            let expected = if rows.is_taken(name, 0) { Err("conflict") } else { Ok(1) };
            if let (Ok(team), Ok(_)) = (&made, expected) {
                rows.0.push(Row { id: team.id, name, live: true });
            }
            (said(made, |_| 1), expected)
        }
        Step::Rename(id, name) => {
            let patch = TeamPatch { name: Some(name.text().into()), ..Default::default() };
            (said(teams.patch_by_id(id, patch).await, |_| 1), rows.renamed(id, name))
        }
        Step::Delete(id) => {
            let expected = rows.row(id, true).map(|row| {
                row.live = false;
                1
            });
            (said(teams.delete_by_id(id).await, |()| 1), expected)
        }
        Step::DeleteAll(name) => {
            (said(teams.delete_where(team::name().eq(name.text())).await, |n| n), rows.all(name, false))
        }
        Step::Restore(id) => (said(teams.restore_by_id(id).await, |_| 1), rows.restored(id)),
        Step::RestoreAll(name) => {
            (said(teams.restore_where(team::name().eq(name.text())).await, |n| n), rows.all(name, true))
        }
    }
}

#[apply(on_every_database)]
fn rows_are_live_deleted_and_refused_as_a_list_says(at: &Database) {
    holds(at, &prop::collection::vec(step(), 1..16), async |steps| {
        let db: Db = at.open_empty().await.unwrap();
        let mut rows = Rows::default();
        for step in steps {
            let (found, expected) = take(&db, &mut rows, step).await;
            prop_assert_eq!(found, expected, "{:?}", step);
            let ids = |live: bool| rows.0.iter().filter(|row| row.live || !live).map(|row| row.id).collect::<Vec<_>>();
            let live = db.teams().find().order_by(team::id()).await.unwrap();
            prop_assert_eq!(live.iter().map(|team| team.id).collect::<Vec<_>>(), ids(true), "{:?}", step);
            let all = db.teams().find().with_deleted().order_by(team::id()).await.unwrap();
            let stored: Vec<_> = all.iter().map(|team| (team.id, &*team.name, team.deleted_at.is_none())).collect();
            let listed: Vec<_> = rows.0.iter().map(|row| (row.id, row.name.text(), row.live)).collect();
            prop_assert_eq!(stored, listed, "{:?}", step);
        }
        Ok(())
    });
}
