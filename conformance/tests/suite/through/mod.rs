//! Relations through a link model.

mod deleted;
mod link_data;
mod linked_one;
mod loopback;
mod nested;
mod racing;
mod reading;
mod writing;

use relata::{Error, Result};
use relata_conformance::database::Database;
use relata_conformance::through::{Db, NewAppointment, NewPatient, NewPhysician, Patient, Physician};

/// Ann sees Pia twice and Quin once, Bob sees Pia; Cid sees nobody, and nobody sees Rob. Two appointments have nobody on
/// one side.
async fn clinic(at: &Database) -> (Db, [Physician; 3], [Patient; 3]) {
    let db: Db = at.open().await.unwrap();
    let physicians = ["Ann", "Bob", "Cid"].map(NewPhysician::new);
    let physicians: [Physician; 3] = db.physicians().create_many(physicians).await.unwrap().try_into().unwrap();
    let patients = ["Pia", "Quin", "Rob"].map(NewPatient::new);
    let patients: [Patient; 3] = db.patients().create_many(patients).await.unwrap().try_into().unwrap();
    let [ann, bob, _] = &physicians;
    let [pia, quin, _] = &patients;
    let pairs = [
        (Some(ann), Some(quin), 3),
        (Some(ann), Some(pia), 1),
        (Some(ann), Some(pia), 5),
        (Some(bob), Some(pia), 2),
        (Some(ann), None, 9),
        (None, Some(quin), 9),
    ];
    let appointments = pairs.map(|(physician, patient, day)| NewAppointment {
        physician_id: physician.map(|physician| physician.id),
        patient_id: patient.map(|patient| patient.id),
        ..NewAppointment::new(day)
    });
    db.appointments().create_many(appointments).await.unwrap();
    (db, physicians, patients)
}

fn names(patients: &[Patient]) -> Vec<&str> {
    patients.iter().map(|patient| patient.name.as_str()).collect()
}

/// The relation of a refused link that would lead to no row.
fn nowhere<T: std::fmt::Debug>(result: Result<T>) -> String {
    match result.unwrap_err() {
        Error::ForeignKey { model, relation } => format!("{model}.{relation}"),
        other => panic!("{other:?}"),
    }
}
