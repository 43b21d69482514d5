//! `softDelete: true`: deleted rows stay, and nothing sees them that does not ask for them.

use macro_rules_attribute::apply;
use relata::Error;
use relata_conformance::database::Database;
use relata_conformance::flags::{
    Db, Game, NewBadge, NewGame, NewPlayer, NewTeam, Player, PlayerPatch, Team, TeamPatch, badge, game, player, team,
};
use relata_conformance::on_every_database;

use crate::support::code;

/// Reds with players 1 to 4 of whom 2 is deleted, Blues with one, and Gone, who are deleted with theirs left alone.
async fn league(at: &Database) -> (Db, [Team; 3]) {
    let db: Db = at.open().await.unwrap();
    let new = |name: &str| NewTeam { code: Some(name.to_lowercase()), ..NewTeam::new(name) };
    let [reds, blues, gone] = [new("Reds"), new("Blues"), new("Gone")];
    let teams = db.teams().create_many([reds, blues, gone]).await.unwrap();
    let [reds, blues, gone] = <[Team; 3]>::try_from(teams).unwrap();
    let of = |team: &Team, number: i64| {
        let player = NewPlayer::new(format!("{} {number}", team.name), team.id);
        NewPlayer { number: Some(number), guest_code: Some("gone".into()), ..player }
    };
    let players = (1..=4).map(|number| of(&reds, number)).chain([of(&blues, 1)]);
    db.players().create_many(players).await.unwrap();
    assert_eq!(db.players().delete_where(player::name().eq("Reds 2")).await.unwrap(), 1);
    db.teams().delete_by_id(gone.id).await.unwrap();
    (db, [reds, blues, gone])
}

fn names(teams: &[Team]) -> Vec<&str> {
    teams.iter().map(|team| &*team.name).collect()
}

fn numbers(players: &[Player]) -> Vec<i64> {
    players.iter().filter_map(|player| player.number).collect()
}

#[apply(on_every_database)]
async fn no_read_sees_a_deleted_row_but_one_that_asks(at: &Database) {
    let (db, [reds, _, gone]) = league(at).await;
    let teams = db.teams();
    assert_eq!(names(&teams.find().order_by(team::id()).await.unwrap()), ["Reds", "Blues"]);
    assert_eq!(code(teams.get(gone.id).await), "not_found");
    assert_eq!(code(teams.get(gone.id).include(team::players()).await), "not_found");
    assert_eq!(teams.find_by_id(gone.id).await.unwrap(), None);
    assert_eq!(teams.find().filter(team::id().eq(gone.id)).first().await.unwrap(), None);
    assert_eq!(teams.count(team::all()).await.unwrap(), 2);
    assert_eq!(teams.find().limit(9).count().await.unwrap(), 2);
    assert!(!teams.exists(gone.id).await.unwrap() && teams.exists(reds.id).await.unwrap());
    assert!(!teams.find().filter(team::name().eq("Gone")).exists().await.unwrap());
    // No condition of the caller lifts it, not even one about `deletedAt`.
    assert_eq!(teams.count(team::deleted_at().is_not_null()).await.unwrap(), 0);
    assert_eq!(teams.count(team::all().or(team::deleted_at().is_not_null())).await.unwrap(), 2);
    let all = teams.find().with_deleted().order_by(team::id()).await.unwrap();
    assert_eq!(names(&all), ["Reds", "Blues", "Gone"]);
    assert!(all[0].deleted_at.is_none() && all[2].deleted_at.is_some());
    assert_eq!(teams.get(gone.id).with_deleted().await.unwrap(), all[2]);
    assert_eq!(teams.find_by_id(gone.id).with_deleted().await.unwrap().as_ref(), Some(&all[2]));
    assert_eq!(code(teams.get(99).with_deleted().await), "not_found");
    assert_eq!(teams.find().with_deleted().count().await.unwrap(), 3);
    let deleted = teams.find().filter(team::deleted_at().is_not_null()).with_deleted();
    assert_eq!(names(&deleted.await.unwrap()), ["Gone"]);
}

#[apply(on_every_database)]
async fn a_delete_says_when_and_nothing_else_changes(at: &Database) {
    let (db, [reds, _, gone]) = league(at).await;
    let stored = db.teams().get(gone.id).with_deleted().await.unwrap();
    assert!(stored.deleted_at.is_some_and(|at| at >= gone.created_at));
    assert_eq!(Team { deleted_at: None, ..stored }, gone, "neither its version nor when it was changed");
    assert_eq!(code(db.teams().delete_by_id(gone.id).await), "not_found");
    assert_eq!(code(db.teams().delete_by_id(99).await), "not_found");
    assert_eq!(db.teams().delete_where(team::all()).await.unwrap(), 2, "those that were live");
    assert_eq!(db.teams().get(gone.id).with_deleted().await.unwrap().deleted_at, stored.deleted_at);
    assert_eq!(code(db.teams().get(reds.id).await), "not_found");
}

#[apply(on_every_database)]
async fn rows_are_deleted_by_conditions_on_their_own_table_too(at: &Database) {
    let (db, _) = league(at).await;
    let comrades = team::players().any(player::team().matches(team::name().eq("Reds")));
    assert_eq!(db.teams().delete_where(comrades).await.unwrap(), 1);
    assert_eq!(names(&db.teams().find().await.unwrap()), ["Blues"]);
}

#[apply(on_every_database)]
async fn updates_change_live_rows_only(at: &Database) {
    let (db, [_, _, gone]) = league(at).await;
    let code_of = |code: &str| TeamPatch { code: Some(Some(code.into())), ..Default::default() };
    assert_eq!(code(db.teams().patch_by_id(gone.id, code_of("x")).await), "not_found");
    assert_eq!(code(db.teams().patch_by_id(gone.id, TeamPatch::default()).await), "not_found");
    let stale = TeamPatch { version: Some(gone.version), ..code_of("x") };
    assert_eq!(code(db.teams().patch_by_id(gone.id, stale).await), "not_found");
    assert_eq!(code(db.teams().replace(gone.clone()).await), "not_found");
    let live = TeamPatch { live: Some(Some(true)), ..Default::default() };
    assert_eq!(db.teams().patch_where(team::all(), live.clone()).await.unwrap(), 2);
    let comrades = team::players().any(player::team().matches(team::all()));
    assert_eq!(db.teams().patch_where(comrades, live).await.unwrap(), 2);
    assert_eq!(db.teams().get(gone.id).with_deleted().await.unwrap().live, None);
    // A row that says of itself that it is deleted is not by that.
    let row = db.teams().find().order_by(team::id()).first().await.unwrap().unwrap();
    let replaced = db.teams().replace(Team { deleted_at: Some(row.created_at), ..row }).await.unwrap();
    assert_eq!(replaced.deleted_at, None);
}

#[apply(on_every_database)]
async fn includes_see_live_rows_only(at: &Database) {
    let (db, [reds, _, gone]) = league(at).await;
    let by_number = || team::players().order_by(player::number());
    let rows = db.teams().find().order_by(team::id()).include(by_number()).await.unwrap();
    assert_eq!(rows.iter().map(|row| numbers(&row.players)).collect::<Vec<_>>(), [vec![1, 3, 4], vec![1]]);
    let cut = db.teams().find().order_by(team::id()).include(by_number().offset(1).limit(1)).await.unwrap();
    assert_eq!(cut.iter().map(|row| numbers(&row.players)).collect::<Vec<_>>(), [vec![3], vec![]]);
    let all = db.teams().get(reds.id).include(by_number().with_deleted().limit(2)).await.unwrap();
    assert_eq!(numbers(&all.players), [1, 2]);
    let even = by_number().filter(player::number().eq(2));
    assert_eq!(db.teams().get(reds.id).include(even.clone()).await.unwrap().players, []);
    assert_eq!(numbers(&db.teams().get(reds.id).include(even.with_deleted()).await.unwrap().players), [2]);
    let games = [NewGame::new("mon", reds.id), NewGame::new("tue", gone.id)];
    db.games().create_many(games).await.unwrap();
    let team_of = |row: &Option<Team>| row.as_ref().map(|team| team.name.clone());
    let games = db.games().find().order_by(game::id()).include(game::team()).await.unwrap();
    assert_eq!(games.iter().map(|game| team_of(&game.team)).collect::<Vec<_>>(), [Some("Reds".to_owned()), None]);
    let games = db.games().find().order_by(game::id()).include(game::team().with_deleted()).await.unwrap();
    assert_eq!(team_of(&games[1].team).as_deref(), Some("Gone"));
    let deep = game::team().include(by_number());
    let games = db.games().find().order_by(game::id()).include(deep).await.unwrap();
    assert_eq!(games[0].team.as_ref().map(|team| numbers(&team.players)), Some(vec![1, 3, 4]));
    assert!(games[1].team.is_none());
    // Deleted rows above, live ones below.
    let teams = db.teams().find().with_deleted().order_by(team::id()).include(by_number()).include(team::games());
    assert_eq!(teams.await.unwrap()[2].games.len(), 1);
}

#[apply(on_every_database)]
async fn conditions_on_related_rows_see_live_rows_only(at: &Database) {
    let (db, [reds, _, gone]) = league(at).await;
    let matching =
        async |condition| names(&db.teams().find().order_by(team::id()).filter(condition).await.unwrap()).join(" ");
    let second = || player::number().eq(2);
    assert_eq!(matching(team::players().any(second())).await, "");
    assert_eq!(matching(team::players().with_deleted().any(second())).await, "Reds");
    assert_eq!(matching(team::players().none(second())).await, "Reds Blues");
    assert_eq!(matching(team::players().with_deleted().none(second())).await, "Blues");
    let odd_or_last = || player::number().is_in([1, 3, 4]);
    assert_eq!(matching(team::players().all(odd_or_last())).await, "Reds Blues");
    assert_eq!(matching(team::players().with_deleted().all(odd_or_last())).await, "Blues");
    // A filter of the scope says which of them are looked at.
    assert_eq!(
        matching(team::players().filter(player::number().gt(1)).all(player::number().gt(2))).await,
        "Reds Blues"
    );
    assert_eq!(matching(team::players().filter(player::number().gt(1)).any(player::all())).await, "Reds");
    db.games().create_many([NewGame::new("mon", reds.id), NewGame::new("tue", gone.id)]).await.unwrap();
    let games = |condition| db.games().count(condition);
    assert_eq!(games(game::team().matches(team::all())).await.unwrap(), 1);
    assert_eq!(games(!game::team().matches(team::all())).await.unwrap(), 1);
    assert_eq!(games(game::team().with_deleted().matches(team::all())).await.unwrap(), 2);
    let of_four = game::team().matches(team::players().any(player::number().eq(4)));
    assert_eq!(games(of_four).await.unwrap(), 1);
}

#[apply(on_every_database)]
async fn an_accessor_gives_none_for_a_deleted_row(at: &Database) {
    let (db, [reds, _, gone]) = league(at).await;
    let games = db.games().create_many([NewGame::new("mon", reds.id), NewGame::new("tue", gone.id)]).await.unwrap();
    assert_eq!(db.games().team(&games[0]).await.unwrap().unwrap().name, "Reds");
    assert_eq!(db.games().team(&games[1]).await.unwrap(), None);
    assert_eq!(db.games().team(games[1].id).include(team::players()).await.unwrap().map(|team| team.players), None);
    let with = db.games().team(&games[0]).include(team::players()).await.unwrap().unwrap();
    assert_eq!(with.players.len(), 3);
    assert_eq!(code(db.games().team(99).await), "not_found");
    // A deleted row is no source; a key of a weak relation that leads to nothing at all dangles.
    let player = db.players().find().with_deleted().filter(player::number().eq(2)).one().await.unwrap();
    assert_eq!(code(db.players().team(&player).await), "not_found");
    let live = db.players().find().filter(player::number().eq(3)).one().await.unwrap();
    assert_eq!(db.players().guest_of(&live).await.unwrap(), None, "they are deleted, and not lost");
    let lost = PlayerPatch { guest_code: Some(Some("nowhere".into())), ..Default::default() };
    let lost = db.players().patch_by_id(live.id, lost).await.unwrap();
    assert_eq!(code(db.players().guest_of(&lost).await), "dangling");
}

#[apply(on_every_database)]
async fn a_key_of_live_rows_finds_the_live_one_among_deleted_ones(at: &Database) {
    let (db, [_, _, gone]) = league(at).await;
    let new = NewTeam { code: Some("gone".into()), ..NewTeam::new("Gone") };
    let again = db.teams().create(new).await.unwrap();
    assert_ne!(again.id, gone.id);
    let guest = db.players().find().filter(player::number().eq(4)).one().await.unwrap();
    assert_eq!(db.players().guest_of(&guest).await.unwrap().map(|team| team.id), Some(again.id));
    for scope in [player::guest_of(), player::guest_of().with_deleted()] {
        let rows = db.players().find().include(scope).await.unwrap();
        assert_eq!(rows.len(), 4, "each once");
        assert!(rows.iter().all(|row| row.guest_of.as_ref().is_some_and(|team| team.id == again.id)));
    }
    db.teams().delete_by_id(again.id).await.unwrap();
    let rows = db.players().find().include(player::guest_of().with_deleted()).await.unwrap();
    assert_eq!(rows.len(), 4);
    assert!(rows.iter().all(|row| row.guest_of.as_ref().is_some_and(|team| team.code.as_deref() == Some("gone"))));
}

#[apply(on_every_database)]
async fn a_constrained_repository_sees_live_rows_only(at: &Database) {
    let (db, [reds, _, gone]) = league(at).await;
    let players = || db.teams().players(&reds);
    assert_eq!(numbers(&players().find().order_by(player::number()).await.unwrap()), [1, 3, 4]);
    assert_eq!(players().count(player::all()).await.unwrap(), 3);
    let second = players().find().with_deleted().filter(player::number().eq(2)).one().await.unwrap();
    assert_eq!(players().find_by_id(second.id).await.unwrap(), None);
    assert_eq!(players().find_by_id(second.id).with_deleted().await.unwrap(), Some(second));
    let rename = PlayerPatch { name: Some("x".into()), ..Default::default() };
    assert_eq!(players().patch(player::all(), rename).await.unwrap(), 3);
    assert_eq!(players().delete(player::number().gt(1)).await.unwrap(), 2);
    assert_eq!(numbers(&players().find().await.unwrap()), [1]);
    assert_eq!(players().find().with_deleted().count().await.unwrap(), 4);
    // To whom nobody can belong any more.
    let lost = db.teams().players(&gone).create(team::NewPlayer::new("late")).await.unwrap_err();
    assert!(matches!(&lost, Error::ForeignKey { model: "Player", relation } if relation == "team"), "{lost:?}");
}

#[apply(on_every_database)]
async fn a_has_one_makes_room_when_it_is_deleted(at: &Database) {
    let (db, [reds, ..]) = league(at).await;
    let badge = || db.teams().badge(&reds);
    let first = badge().create(team::NewBadge::new("first")).await.unwrap();
    assert_eq!(code(badge().create(team::NewBadge::new("second")).await), "conflict");
    assert_eq!(badge().delete().await.unwrap(), 1);
    assert_eq!(badge().delete().await.unwrap(), 0);
    assert_eq!(badge().get().await.unwrap(), None);
    let second = badge().create(team::NewBadge::new("second")).await.unwrap();
    assert_eq!(badge().get().await.unwrap(), Some(second.clone()));
    for scope in [team::badge(), team::badge().with_deleted()] {
        let row = db.teams().get(reds.id).include(scope).await.unwrap();
        assert_eq!(row.badge, Some(second.clone()), "the live one first");
    }
    badge().delete().await.unwrap();
    assert_eq!(db.teams().get(reds.id).include(team::badge()).await.unwrap().badge, None);
    let deleted = db.teams().get(reds.id).include(team::badge().with_deleted()).await.unwrap().badge;
    assert_eq!(deleted.map(|badge| badge.id), Some(first.id));
    let taken = db.badges().create_many([NewBadge::new("a", reds.id), NewBadge::new("b", reds.id)]).await.unwrap_err();
    assert!(matches!(&taken, Error::Conflict { model: "Badge", key } if key == "teamId is taken"), "{taken:?}");
    assert_eq!(db.badges().count(badge::all()).await.unwrap(), 0);
}

#[apply(on_every_database)]
async fn unique_keys_count_live_rows(at: &Database) {
    let (db, [reds, _, gone]) = league(at).await;
    let taken = db.teams().create(NewTeam::new("Reds")).await.unwrap_err();
    assert!(matches!(&taken, Error::Conflict { model: "Team", key } if key == "name is taken"), "{taken:?}");
    db.teams().create(NewTeam::new("Gone")).await.unwrap();
    assert_eq!(code(db.teams().create(NewTeam::new("Gone")).await), "conflict");
    let free = NewPlayer { number: Some(2), ..NewPlayer::new("new", reds.id) };
    let two = db.players().create(free.clone()).await.unwrap();
    let taken = db.players().create(free).await.unwrap_err();
    assert!(matches!(&taken, Error::Conflict { key, .. } if key == "teamId, number is taken"), "{taken:?}");
    let move_to = PlayerPatch { number: Some(Some(3)), ..Default::default() };
    assert_eq!(code(db.players().patch_by_id(two.id, move_to.clone()).await), "conflict");
    db.players().delete_where(player::number().eq(3)).await.unwrap();
    assert_eq!(db.players().patch_by_id(two.id, move_to).await.unwrap().number, Some(3));
    // A key that is not set is nobody's, deleted or not.
    db.players().create_many([NewPlayer::new("a", reds.id), NewPlayer::new("b", reds.id)]).await.unwrap();
    let restored = db.teams().restore_by_id(gone.id).await.unwrap_err();
    assert!(matches!(&restored, Error::Conflict { model: "Team", key } if key == "name is taken"), "{restored:?}");
    assert_eq!(code(db.teams().restore_where(team::all()).await), "conflict");
    assert!(db.teams().get(gone.id).with_deleted().await.unwrap().deleted_at.is_some());
}

#[apply(on_every_database)]
async fn a_restored_row_is_live_again(at: &Database) {
    let (db, [reds, _, gone]) = league(at).await;
    let restored = db.teams().restore_by_id(gone.id).await.unwrap();
    assert_eq!((restored.deleted_at, restored.version), (None, gone.version + 1));
    assert!(restored.updated_at > gone.updated_at);
    assert_eq!(restored.created_at, gone.created_at);
    assert_eq!(db.teams().get(gone.id).await.unwrap(), restored);
    assert_eq!(code(db.teams().restore_by_id(gone.id).await), "not_found");
    let missing = db.teams().restore_by_id(99).await.unwrap_err();
    assert!(matches!(&missing, Error::NotFound { model: "Team", id: Some(id) } if id == "99"), "{missing:?}");
    db.players().delete_where(player::team_id().eq(reds.id)).await.unwrap();
    assert_eq!(db.players().restore_where(player::number().gt(1)).await.unwrap(), 3);
    assert_eq!(numbers(&db.teams().players(&reds).find().order_by(player::number()).await.unwrap()), [2, 3, 4]);
    assert_eq!(db.players().restore_where(player::all()).await.unwrap(), 1);
    assert_eq!(db.players().restore_where(player::all()).await.unwrap(), 0);
}

#[apply(on_every_database)]
async fn a_transaction_that_fails_deletes_and_restores_nothing(at: &Database) {
    let (db, [reds, _, gone]) = league(at).await;
    let failed = db.transaction(async |tx| {
        tx.teams().delete_by_id(reds.id).await?;
        tx.teams().restore_by_id(gone.id).await?;
        assert_eq!(tx.teams().count(team::all()).await?, 2);
        tx.teams().get(99).await
    });
    assert_eq!(code(failed.await), "not_found");
    assert!(db.teams().exists(reds.id).await.unwrap() && !db.teams().exists(gone.id).await.unwrap());
}

#[apply(on_every_database)]
async fn rows_without_the_flag_are_gone(at: &Database) {
    let (db, [reds, ..]) = league(at).await;
    let game: Game = db.games().create(NewGame::new("mon", reds.id)).await.unwrap();
    db.games().delete_by_id(game.id).await.unwrap();
    assert_eq!(db.games().count(game::all()).await.unwrap(), 0);
    db.teams().delete_by_id(reds.id).await.unwrap();
    assert_eq!(code(db.games().create(NewGame::new("mon", 99)).await), "foreign_key");
    assert!(serde_json::from_str::<NewTeam>(r#"{ "name": "x", "deletedAt": null }"#).is_err());
    assert!(serde_json::from_str::<TeamPatch>(r#"{ "deletedAt": null }"#).is_err());
}
