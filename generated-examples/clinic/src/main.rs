//! Relations through a link model: who sees whom in a clinic, and when.
//!
//! `cargo run -p clinic` keeps it in memory; `cargo run -p clinic --features servers -- postgres://…` or `mysql://…`
//! runs the same on a database of that server, which it empties first: it is to be a database of its own.

#![allow(clippy::print_stdout, reason = "the tour is printed")]

mod clinic {
    relata::include_schema!();
}

use clinic::{
    Db, NewPatient, NewPhysician, NewSpecialty, Patient, Physician, appointment, patient, physician, specialty,
};
use relata::types::DateTime;

#[tokio::main]
async fn main() -> Result<(), relata::Error> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "sqlite::memory:".to_owned());
    let db = Db::connect(&url).await?;
    db.create_tables().await?;
    // What links them goes with them: `onDelete: cascade`.
    db.physicians().delete_where(physician::all()).await?;
    db.patients().delete_where(patient::all()).await?;
    db.specialties().delete_where(specialty::all()).await?;

    let staff = db.physicians().create_many(["Eir", "Hygieia", "Imhotep"].map(NewPhysician::new)).await?;
    let (eir, hygieia) = (&staff[0], &staff[1]);
    learn(&db, eir, hygieia).await?;
    book(&db, eir, hygieia).await?;
    find(&db, eir).await?;
    diary(&db).await?;
    visits(&db).await?;
    next_week(&db).await?;
    ask(&db).await?;
    cancel(&db, eir, hygieia).await
}

fn title(text: &str) {
    println!("\n── {text} {}", "─".repeat(76_usize.saturating_sub(text.chars().count())));
}

/// A day of March and a time.
fn at(time: &str) -> DateTime {
    format!("2026-03-{time}:00Z").parse().expect("the times of this tour are well formed")
}

/// A link that has nothing to say: `link` and `unlink`. It is there once, however often it is made.
async fn learn(db: &Db, eir: &Physician, hygieia: &Physician) -> relata::Result<()> {
    title("linked: who knows what");
    let known = db.specialties().create_many(["bones", "fevers", "skin"].map(NewSpecialty::new)).await?;
    let [bones, fevers, skin] = [&known[0], &known[1], &known[2]];
    let of_eir = db.physicians().specialties(eir);
    of_eir.link(bones).await?;
    of_eir.link(bones).await?;
    of_eir.link(skin).await?;
    print_specialties(db, eir, "bones, bones again, and skin").await?;
    of_eir.unlink(bones).await?;
    of_eir.link(fevers).await?;
    print_specialties(db, eir, "fevers in place of bones").await?;
    // What is not named is unlinked, and what is linked already keeps its link.
    of_eir.set([skin, bones]).await?;
    print_specialties(db, eir, "set to skin and bones").await?;
    // What is made through a physician is linked to them, in one transaction.
    db.physicians().specialties(hygieia).create(NewSpecialty::new("water")).await?;
    print_specialties(db, hygieia, "made through her").await
}

async fn print_specialties(db: &Db, physician: &Physician, after: &str) -> relata::Result<()> {
    let found = db.physicians().specialties(physician).find().order_by(specialty::name()).await?;
    let names = found.iter().map(|specialty| specialty.name.as_str()).collect::<Vec<_>>();
    println!("  {:<8} {after:<40} {}", physician.name, names.join(", "));
    Ok(())
}

/// A link with something to say is given that: `physician::PatientLink` is an appointment without its two keys.
async fn book(db: &Db, eir: &Physician, hygieia: &Physician) -> relata::Result<()> {
    title("linked with a time: each call makes an appointment more");
    let of_eir = db.physicians().patients(eir);
    let baldur = of_eir.create_with(NewPatient::new("Baldur"), physician::PatientLink::new(at("02T09:00"))).await?;
    let nanna = db.patients().create(NewPatient::new("Nanna")).await?;
    for time in ["02T10:00", "09T10:00", "16T10:00"] {
        let reason = Some("a check".to_owned());
        of_eir.link_with(&nanna, physician::PatientLink { reason, ..physician::PatientLink::new(at(time)) }).await?;
    }
    let long = physician::PatientLink { minutes: Some(60), ..physician::PatientLink::new(at("03T14:00")) };
    let of_hygieia = db.physicians().patients(hygieia);
    of_hygieia.link_with(&baldur, long).await?;
    of_hygieia.create_with(NewPatient::new("Hoenir"), physician::PatientLink::new(at("11T11:00"))).await?;

    // The physician has one appointment at a time: a unique key of the link.
    let twice = of_eir.link_with(&baldur, physician::PatientLink::new(at("02T10:00"))).await;
    println!("  stored:  {} appointments", db.appointments().count(appointment::all()).await?);
    println!("  refused: {}", twice.err().map_or_else(String::new, |error| error.to_string()));
    Ok(())
}

/// The targets of a link are found once each, however many appointments they have.
async fn find(db: &Db, eir: &Physician) -> relata::Result<()> {
    title("the patients of one physician: each of them once");
    let of_eir = db.physicians().patients(eir);
    let found = of_eir.find().order_by(patient::name()).await?;
    println!("  {} sees {}: {} patients", eir.name, names(&found), of_eir.count(patient::all()).await?);
    Ok(())
}

fn names(patients: &[Patient]) -> String {
    patients.iter().map(|patient| patient.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// The links are a relation too, with columns of their own to filter and order by: each has its patient.
async fn diary(db: &Db) -> relata::Result<()> {
    title("the links themselves: the next 3 appointments of each physician");
    let next = physician::appointments().order_by(appointment::at()).limit(3).include(appointment::patient());
    for row in db.physicians().find().order_by(physician::name()).include(next).await? {
        println!("  {}{}", row.name, if row.appointments.is_empty() { ": nobody" } else { "" });
        for appointment in &row.appointments {
            let reason = appointment.reason.as_deref().unwrap_or("-");
            let (at, minutes) = (appointment.at.format("%d %b %H:%M"), appointment.minutes);
            println!("    {at}  {minutes:>2} min  {:<8} {reason}", appointment.patient.name);
        }
    }
    Ok(())
}

/// Each row comes with the link that leads to it, once for each link: order and limit are those of the links.
async fn visits(db: &Db) -> relata::Result<()> {
    title("with_link: the first 2 visits of each patient, and whom they see");
    let first = patient::physicians().with_link().order_by_link(appointment::at()).limit(2);
    for row in db.patients().find().order_by(patient::name()).include(first).await? {
        let visits = row.physicians.iter().map(|to| format!("{} to {}", to.link.at.format("%d %b %H:%M"), to.name));
        println!("  {:<8} {}", row.name, visits.collect::<Vec<_>>().join(", "));
    }
    Ok(())
}

/// Only along links that match: of rows that are included, counted or asked about. Each row is there once.
async fn next_week(db: &Db) -> relata::Result<()> {
    title("filter_link: only along appointments after the 8th");
    let then = || physician::patients().filter_link(appointment::at().gt(at("08T00:00")));
    let busy = db.physicians().find().filter(then().any(patient::all())).order_by(physician::name());
    for row in busy.include(then().order_by(patient::name())).await? {
        println!("  {:<8} sees {}", row.name, names(&row.patients));
    }
    let idle = db.physicians().count(then().count().eq(0)).await?;
    println!("  {idle} of them sees nobody then");
    Ok(())
}

/// Conditions lead through the link, or to the link where it has something to say.
async fn ask(db: &Db) -> relata::Result<()> {
    title("conditions: through the link, and on the link");
    let shares = physician::patients().any(patient::physicians().any(physician::name().eq("Hygieia")));
    let idle = physician::patients().none(patient::all());
    for (question, condition) in [("sees a patient of Hygieia", shares), ("sees nobody", idle)] {
        let found = db.physicians().find().filter(condition).order_by(physician::name()).await?;
        let names = found.iter().map(|physician| physician.name.as_str()).collect::<Vec<_>>();
        println!("  {question:<28} {}", names.join(", "));
    }
    let late = patient::appointments().any(appointment::at().gt(at("10T00:00")));
    let found = db.patients().find().filter(late).order_by(patient::name()).await?;
    println!("  {:<28} {}", "comes after the 9th", names(&found));
    Ok(())
}

/// Unlinking takes the links of a pair, all of them, and the patients stay; deleting takes patients with all their links.
async fn cancel(db: &Db, eir: &Physician, hygieia: &Physician) -> relata::Result<()> {
    title("unlinked: links go, patients stay; deleted: both go");
    let (of_eir, of_hygieia) = (db.physicians().patients(eir), db.physicians().patients(hygieia));
    print_counts(db, "before").await?;
    let nanna = of_eir.find().filter(patient::name().eq("Nanna")).one().await?;
    of_eir.unlink(&nanna).await?;
    print_counts(db, "without Nanna's three with Eir").await?;
    of_hygieia.delete(patient::name().starts_with("Bal")).await?;
    print_counts(db, "without Baldur, and what he had with either").await?;
    let gone = of_hygieia.unlink_all().await?;
    print_counts(db, &format!("without the {gone} that was left to Hygieia")).await
}

async fn print_counts(db: &Db, after: &str) -> relata::Result<()> {
    let (patients, appointments) =
        (db.patients().count(patient::all()).await?, db.appointments().count(appointment::all()).await?);
    println!("  patients: {patients}, appointments: {appointments}  {after}");
    Ok(())
}
