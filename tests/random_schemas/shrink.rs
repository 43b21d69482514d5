//! As little of a schema as still fails: parts are taken out, the large ones first, for as long as it is accepted and fails.

use serde_json::Value;

use crate::schema::is_sound;

/// How often it is tried; each time may take the compiler some seconds.
const TRIES: usize = 150;

/// The least that fails, and how.
pub(crate) fn shrink(schema: &Value, fault: &dyn Fn(&Value) -> Option<String>) -> (Value, Option<String>) {
    let (mut least, mut last, mut tries) = (schema.clone(), None, 0);
    // Of each depth, from the top; what is taken out of one may let go what another needed.
    let mut found = true;
    while found && tries < TRIES {
        found = false;
        let mut at = 0;
        while let Some(path) = paths(&least).get(at) {
            let Some(less) = without(&least, path).filter(is_sound) else {
                at += 1;
                continue;
            };
            tries += 1;
            if tries > TRIES {
                break;
            }
            match fault(&less) {
                Some(why) => (least, last, found) = (less, Some(why), true),
                None => at += 1,
            }
        }
    }
    (least, last)
}

/// The way to every part, the shortest first.
fn paths(schema: &Value) -> Vec<String> {
    let mut paths = Vec::new();
    collect(schema, "", &mut paths);
    paths.sort_by_key(|path: &String| path.matches('/').count());
    paths
}

fn collect(value: &Value, path: &str, paths: &mut Vec<String>) {
    let below: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, value)| (format!("{path}/{key}"), value)).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(at, value)| (format!("{path}/{at}"), value)).collect(),
        _ => Vec::new(),
    };
    for (path, value) in below {
        collect(value, &path, paths);
        paths.push(path);
    }
}

/// The schema without what lies there; none where it cannot be reached.
fn without(schema: &Value, path: &str) -> Option<Value> {
    let mut less = schema.clone();
    let (above, name) = path.rsplit_once('/')?;
    match less.pointer_mut(above)? {
        Value::Object(map) => drop(map.shift_remove(name)?),
        Value::Array(list) => {
            let at: usize = name.parse().ok()?;
            (at < list.len()).then(|| list.remove(at))?;
        }
        _ => return None,
    }
    Some(less)
}
