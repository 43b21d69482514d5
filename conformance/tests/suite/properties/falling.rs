//! Random rows that point at each other in every way: what goes, what is unset and what refuses is what a plain
//! interpreter says.

use std::collections::BTreeSet;

use macro_rules_attribute::apply;
use proptest::prelude::*;
use relata_conformance::database::Database;
use relata_conformance::falling::{Db, Knot, NewKnot, NewNode, Node, knot, node};
use relata_conformance::on_every_database;

use super::holds;

#[derive(Debug, Clone, PartialEq)]
struct Rows {
    nodes: Vec<Node>,
    knots: Vec<Knot>,
}

/// Ids count from 1; weak keys may lead nowhere, foreign keys may not.
fn rows() -> impl Strategy<Value = Rows> {
    let weak = |share| prop::option::weighted(share, 1_i64..10);
    let strong = |share| prop::option::weighted(share, any::<prop::sample::Index>());
    let node = (weak(0.5), weak(0.5), weak(0.1), weak(0.3));
    let knot = (strong(0.4), strong(0.5), weak(0.3));
    (prop::collection::vec(node, 1..9), prop::collection::vec(knot, 0..9)).prop_map(|(nodes, knots)| {
        let count = nodes.len();
        let nodes = (1..).zip(nodes);
        let nodes = nodes.map(|(id, (owner_id, friend_id, guard_id, host_id))| Node {
            id,
            owner_id,
            friend_id,
            guard_id,
            host_id,
        });
        let id = |index: prop::sample::Index| i64::try_from(index.index(count)).unwrap() + 1;
        let knots = (1..).zip(knots);
        let knots = knots.map(|(id_, (owner, friend, rumour_id))| Knot {
            id: id_,
            owner_id: owner.map(id),
            friend_id: friend.map(id),
            rumour_id,
        });
        Rows { nodes: nodes.collect(), knots: knots.collect() }
    })
}

fn leads_to(key: Option<i64>, rows: &BTreeSet<i64>) -> bool {
    key.is_some_and(|key| rows.contains(&key))
}

impl Rows {
    async fn store(&self, at: &Database) -> Db {
        let db: Db = at.open_empty().await.unwrap();
        let nodes = self.nodes.iter().map(|row| NewNode {
            owner_id: row.owner_id,
            friend_id: row.friend_id,
            guard_id: row.guard_id,
            host_id: row.host_id,
            ..NewNode::new(row.id)
        });
        db.nodes().create_many(nodes).await.unwrap();
        let knots = self.knots.iter().map(|row| NewKnot {
            owner_id: row.owner_id,
            friend_id: row.friend_id,
            rumour_id: row.rumour_id,
            ..NewKnot::new(row.id)
        });
        db.knots().create_many(knots).await.unwrap();
        db
    }

    async fn read(db: &Db) -> Self {
        Self {
            nodes: db.nodes().find().order_by(node::id()).await.unwrap(),
            knots: db.knots().find().order_by(knot::id()).await.unwrap(),
        }
    }

    /// Deletes rows by the meaning of the relations, row by row; `false` where that is refused.
    fn delete(&mut self, mut nodes: BTreeSet<i64>, mut knots: BTreeSet<i64>) -> bool {
        loop {
            let before = (nodes.len(), knots.len());
            for row in &self.nodes {
                if leads_to(row.owner_id, &nodes) || leads_to(row.host_id, &knots) {
                    nodes.insert(row.id);
                }
            }
            for row in &self.knots {
                if leads_to(row.owner_id, &nodes) {
                    knots.insert(row.id);
                }
            }
            if before == (nodes.len(), knots.len()) {
                break;
            }
        }
        if self.nodes.iter().any(|row| leads_to(row.guard_id, &knots)) {
            return false;
        }
        self.nodes.retain(|row| !nodes.contains(&row.id));
        self.knots.retain(|row| !knots.contains(&row.id));
        for row in &mut self.nodes {
            row.friend_id = row.friend_id.filter(|id| !knots.contains(id));
        }
        for row in &mut self.knots {
            row.friend_id = row.friend_id.filter(|id| !nodes.contains(id));
        }
        true
    }
}

#[apply(on_every_database)]
fn what_goes_with_deleted_rows_is_what_the_interpreter_says(at: &Database) {
    let chosen = prop::collection::btree_set(1_i64..9, 1..4);
    holds(at, &(rows(), chosen, any::<bool>()), async |(rows, chosen, nodes)| {
        let db = rows.store(at).await;
        let mut expected = rows.clone();
        let ids = || chosen.iter().copied();
        let (there, goes, deleted) = if nodes {
            let there: BTreeSet<_> = rows.nodes.iter().map(|row| row.id).filter(|id| chosen.contains(id)).collect();
            let goes = expected.delete(there.clone(), BTreeSet::new());
            (there, goes, db.nodes().delete_where(node::id().is_in(ids())).await)
        } else {
            let there: BTreeSet<_> = rows.knots.iter().map(|row| row.id).filter(|id| chosen.contains(id)).collect();
            let goes = expected.delete(BTreeSet::new(), there.clone());
            (there, goes, db.knots().delete_where(knot::id().is_in(ids())).await)
        };
        match deleted {
            Ok(deleted) => prop_assert_eq!((goes, deleted), (true, there.len() as u64)),
            Err(error) => prop_assert_eq!((goes, error.code()), (false, "foreign_key")),
        }
        prop_assert_eq!(Rows::read(&db).await, expected);
        Ok(())
    });
}
