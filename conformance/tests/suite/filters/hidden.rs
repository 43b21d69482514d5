//! What is hidden is not there for a filter: not to be read, asked, ordered by, counted or told from what does not exist.

use macro_rules_attribute::apply;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::shop::{Account, Customer};
use serde_json::json;

use super::{filled, json};

#[apply(on_every_database)]
async fn a_hidden_property_is_refused_as_one_that_is_not_there(at: &Database) {
    let db = filled(at).await;
    let on_accounts = async |filter| db.accounts().find_with(json::<Account>(filter)).await.unwrap_err().to_string();
    let on_customers = async |filter| db.customers().find_with(json::<Customer>(filter)).await.unwrap_err().to_string();
    for (hidden, unknown) in [
        (json!({ "where": { "secret": "hunter2" } }), json!({ "where": { "nobody": "hunter2" } })),
        (json!({ "where": { "secret": { "like": "h%" } } }), json!({ "where": { "nobody": { "like": "h%" } } })),
        (json!({ "where": { "secret": { "exists": true } } }), json!({ "where": { "nobody": { "exists": true } } })),
        (json!({ "where": { "or": [{ "secret": "a" }] } }), json!({ "where": { "or": [{ "nobody": "a" }] } })),
        (json!({ "where": { "not": { "secret": 5 } } }), json!({ "where": { "not": { "nobody": 5 } } })),
        (json!({ "order": "secret DESC" }), json!({ "order": "nobody DESC" })),
        (json!({ "fields": ["secret"] }), json!({ "fields": ["nobody"] })),
        (json!({ "fields": { "secret": true } }), json!({ "fields": { "nobody": true } })),
        (json!({ "fields": { "secret": false } }), json!({ "fields": { "nobody": false } })),
    ] {
        let (hidden, unknown) = (on_accounts(hidden).await, on_accounts(unknown).await);
        assert_eq!(hidden.replace("secret", "nobody"), unknown);
    }
    for (hidden, unknown) in [
        (json!({ "where": { "account": { "secret": "x" } } }), json!({ "where": { "account": { "nobody": "x" } } })),
        (json!({ "order": "account.secret" }), json!({ "order": "account.nobody" })),
        (
            json!({ "include": [{ "relation": "account", "scope": { "where": { "secret": "x" } } }] }),
            json!({ "include": [{ "relation": "account", "scope": { "where": { "nobody": "x" } } }] }),
        ),
        (
            json!({ "include": [{ "relation": "account", "scope": { "fields": ["secret"] } }] }),
            json!({ "include": [{ "relation": "account", "scope": { "fields": ["nobody"] } }] }),
        ),
        (
            json!({ "where": { "referrals": { "some": { "account": { "secret": { "gt": "h" } } } } } }),
            json!({ "where": { "referrals": { "some": { "account": { "nobody": { "gt": "h" } } } } } }),
        ),
    ] {
        let (hidden, unknown) = (on_customers(hidden).await, on_customers(unknown).await);
        assert_eq!(hidden.replace("secret", "nobody"), unknown);
    }
}

#[apply(on_every_database)]
async fn a_hidden_property_is_never_given(at: &Database) {
    let db = filled(at).await;
    let accounts = db.accounts().find_with(json::<Account>(json!({}))).await.unwrap();
    assert_eq!(accounts[0].secret.as_deref(), Some("hunter2"));
    let customers = db.customers().find_with(json::<Customer>(json!({ "include": ["account"] }))).await.unwrap();
    for json in [serde_json::to_string(&accounts).unwrap(), serde_json::to_string(&customers).unwrap()] {
        assert!(json.contains("balance") && !json.contains("secret") && !json.contains("hunter2"), "{json}");
    }
}
