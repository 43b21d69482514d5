//! hasOne relations to one of several models: which it is stands in the source.

use macro_rules_attribute::apply;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::polymorphic::{
    CashPatch, CreditCardPatch, Customer, CustomerPatch, CustomerPaymentMethod, Db, NewBank, NewCash, NewCreditCard,
    NewCustomer, bank, cash, credit_card, customer,
};

use crate::support::{code, failures};

async fn customers(at: &Database) -> (Db, Customer, Customer) {
    let db: Db = at.open().await.unwrap();
    let ann = db.customers().create(NewCustomer::new("Ann")).await.unwrap();
    let bob = db.customers().create(NewCustomer::new("Bob")).await.unwrap();
    (db, ann, bob)
}

fn card() -> customer::NewPaymentMethodCreditCard {
    customer::NewPaymentMethodCreditCard::new("1234")
}

fn coins() -> customer::NewPaymentMethodCash {
    customer::NewPaymentMethodCash::new()
}

async fn kind(db: &Db, of: &Customer) -> Option<String> {
    db.customers().get(of.id).await.unwrap().payment_method_type
}

#[apply(on_every_database)]
async fn create_says_which_model_it_is(at: &Database) {
    let (db, ann, bob) = customers(at).await;
    assert_eq!(db.customers().payment_method(&ann).get().await.unwrap(), None);
    let card = db.customers().payment_method(&ann).credit_card().create(card()).await.unwrap();
    assert_eq!((card.customer_id, kind(&db, &ann).await.as_deref()), (Some(ann.id), Some("CreditCard")));
    let method = db.customers().payment_method(ann.id);
    assert_eq!(method.get().await.unwrap(), Some(CustomerPaymentMethod::CreditCard(card.clone())));
    assert_eq!(method.credit_card().get().await.unwrap(), Some(card));
    assert_eq!(method.cash().get().await.unwrap(), None);
    assert_eq!(kind(&db, &bob).await, None);
    assert_eq!(db.customers().payment_method(99).get().await.unwrap(), None);
}

#[apply(on_every_database)]
async fn a_second_one_of_any_model_is_a_conflict(at: &Database) {
    let (db, ann, _) = customers(at).await;
    let method = db.customers().payment_method(&ann);
    method.credit_card().create(card()).await.unwrap();
    assert_eq!(code(method.credit_card().create(card()).await), "conflict");
    assert_eq!(code(method.cash().create(coins()).await), "conflict");
    assert_eq!(kind(&db, &ann).await.as_deref(), Some("CreditCard"));
    assert_eq!(db.cash_boxes().count(cash::all()).await.unwrap(), 0);
    assert_eq!(code(db.customers().payment_method(99).cash().create(coins()).await), "foreign_key");
    assert_eq!(db.cash_boxes().count(cash::all()).await.unwrap(), 0);
}

#[apply(on_every_database)]
async fn patch_changes_the_model_that_it_is(at: &Database) {
    let (db, ann, bob) = customers(at).await;
    let method = db.customers().payment_method(&ann);
    method.credit_card().create(card()).await.unwrap();
    db.customers().payment_method(&bob).credit_card().create(card()).await.unwrap();
    let patch = || CreditCardPatch { number: Some("9".into()), ..Default::default() };
    assert_eq!(method.credit_card().patch(patch()).await.unwrap(), 1);
    let numbered = db.credit_cards().count(credit_card::number().eq("9")).await.unwrap();
    assert_eq!(numbered, 1);
    assert_eq!(method.cash().patch(CashPatch::default()).await.unwrap(), 0);
    let moved = CreditCardPatch { customer_id: Some(Some(bob.id)), ..Default::default() };
    assert_eq!(
        failures(method.credit_card().patch(moved).await),
        ["customerId is fixed by the relation paymentMethod"]
    );
    let other = CustomerPatch { payment_method_type: Some(Some("Cash".into())), ..Default::default() };
    db.customers().patch_by_id(ann.id, other).await.unwrap();
    assert_eq!(method.credit_card().patch(patch()).await.unwrap(), 0);
    let unknown = CustomerPatch { payment_method_type: Some(Some("Cheque".into())), ..Default::default() };
    let refused = failures(db.customers().patch_by_id(ann.id, unknown).await);
    assert_eq!(refused, ["paymentMethodType names none of Cash, CreditCard"]);
}

#[apply(on_every_database)]
async fn delete_leads_to_none_again(at: &Database) {
    let (db, ann, bob) = customers(at).await;
    let method = db.customers().payment_method(&ann);
    method.credit_card().create(card()).await.unwrap();
    db.customers().payment_method(&bob).cash().create(coins()).await.unwrap();
    assert_eq!(method.cash().delete().await.unwrap(), 0);
    assert_eq!(method.credit_card().delete().await.unwrap(), 1);
    assert_eq!((method.get().await.unwrap(), kind(&db, &ann).await), (None, None));
    method.cash().create(coins()).await.unwrap();
    assert_eq!(kind(&db, &ann).await.as_deref(), Some("Cash"));
    // One that is not led to goes too.
    let stray = NewCreditCard { customer_id: Some(ann.id), ..NewCreditCard::new("0") };
    db.credit_cards().create(stray).await.unwrap();
    assert_eq!(method.delete().await.unwrap(), 2);
    assert_eq!(kind(&db, &ann).await, None);
    assert_eq!(method.delete().await.unwrap(), 0);
    assert_eq!(db.cash_boxes().count(cash::all()).await.unwrap(), 1);
}

#[apply(on_every_database)]
async fn rows_are_included_and_chosen_by_it(at: &Database) {
    let (db, ann, bob) = customers(at).await;
    let bank = db.banks().create(NewBank::new("bank")).await.unwrap();
    let new = customer::NewPaymentMethodCreditCard { bank_id: Some(bank.id), ..card() };
    let card = db.customers().payment_method(&ann).credit_card().create(new).await.unwrap();
    let coins = db.customers().payment_method(&bob).cash().create(coins()).await.unwrap();
    // It is Ann's, but she pays by card.
    db.cash_boxes().create(NewCash { customer_id: Some(ann.id) }).await.unwrap();
    let rows = db.customers().find().order_by(customer::id()).include(customer::payment_method()).await.unwrap();
    let found: Vec<_> = rows.into_iter().map(|row| row.payment_method).collect();
    assert_eq!(found, [Some(CustomerPaymentMethod::CreditCard(card)), Some(CustomerPaymentMethod::Cash(coins))]);
    let by_cash = db.customers().find().filter(customer::payment_method::cash().matches(cash::all())).await.unwrap();
    assert_eq!(by_cash.iter().map(|customer| customer.id).collect::<Vec<_>>(), [bob.id]);
    let of_bank = credit_card::bank().matches(bank::name().eq("bank"));
    let by_bank = customer::payment_method::credit_card().matches(of_bank);
    assert_eq!(db.customers().count(by_bank).await.unwrap(), 1);
    let scope = customer::payment_method().of(customer::payment_method::credit_card().include(credit_card::bank()));
    let row = db.customers().get(ann.id).include(scope).await.unwrap();
    let Some(CustomerPaymentMethod::CreditCard(card)) = &row.payment_method else { panic!("{:?}", row.payment_method) };
    assert_eq!(card.bank, Some(bank));
}

#[apply(on_every_database)]
async fn what_a_transaction_takes_back_was_never_said(at: &Database) {
    let (db, ann, _) = customers(at).await;
    let failed = db
        .transaction(async |tx| {
            tx.customers().payment_method(&ann).credit_card().create(card()).await?;
            tx.customers().get(99).await.map(drop)
        })
        .await;
    assert_eq!(code(failed), "not_found");
    assert_eq!((kind(&db, &ann).await, db.credit_cards().count(credit_card::all()).await.unwrap()), (None, 0));
}
