//! Schemas of any size, made from a shape alone, so that two runs read the same text. Does no I/O.

use std::fmt::Write as _;

/// How large a schema is.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Models, all with a table.
    pub models: usize,
    /// Properties of each model, its id among them; keys of relations come on top.
    pub properties: usize,
    /// Relations of each model that hold a key, to the next models, the last ones to the first.
    pub belongs_to: usize,
    /// Relations of each model that answer those, at most as many.
    pub has_many: usize,
}

impl Shape {
    /// What the targets of checking and generating are set for: 100 lines a model.
    #[must_use]
    pub const fn large(models: usize) -> Self {
        Self { models, properties: 15, belongs_to: 3, has_many: 2 }
    }

    /// What the targets of compiling emitted code are set for.
    #[must_use]
    pub const fn compiled(models: usize) -> Self {
        Self { models, properties: 8, belongs_to: 3, has_many: 2 }
    }

    /// The schema as one file.
    #[must_use]
    pub fn one_file(self) -> String {
        let models = (0..self.models).map(|model| self.model(model));
        format!("{ENUM}\nmodels:\n{}", models.collect::<String>())
    }

    /// The schema as a file for each model, and one for the enum; each with its name.
    #[must_use]
    pub fn many_files(self) -> Vec<(String, String)> {
        let model = |at| (format!("model{at:04}.yaml"), format!("relata: 1\nmodels:\n{}", self.model(at)));
        let mut files: Vec<_> = (0..self.models).map(model).collect();
        files.push(("status.yaml".to_owned(), ENUM.to_owned()));
        files
    }

    /// One model, indented as it stands below `models`.
    fn model(self, at: usize) -> String {
        let mut text = format!(
            "  Model{at:04}:\n    description: Number {at} of a schema that nobody wrote.\n    properties:\n      id:\n        type: integer\n        id: true\n        generated: true\n        description: Given by the database.\n"
        );
        for (nth, (name, kind, rule)) in (1..self.properties).zip(PROPERTIES.iter().cycle()) {
            let _ = writeln!(
                text,
                "      {name}{nth}:\n        type: {kind}\n        {rule}\n        required: {}\n        description: The {kind} in place {nth} of {at}.",
                nth % 3 != 0
            );
        }
        text.push_str("    relations:\n");
        let apart = |distance: usize| (at + distance) % self.models;
        for nth in 1..=self.belongs_to {
            // Only to later models, so that no loop of required keys keeps the first row out.
            let required = at + nth < self.models && nth % 2 == 1;
            let _ = writeln!(
                text,
                "      - belongsTo: Model{:04}\n        keyFrom: owner{nth}Id\n        required: {required}\n        description: Whom it belongs to.",
                apart(nth)
            );
        }
        for nth in 1..=self.has_many {
            let _ = writeln!(
                text,
                "      - hasMany: Model{:04}\n        name: parts{nth}\n        keyTo: owner{nth}Id\n        description: What belongs to it.",
                apart(self.models - nth)
            );
        }
        text
    }
}

const ENUM: &str = "relata: 1\nenums:\n  Status: [draft, open, paid, shipped, closed]\n";

/// Names, types, and one more line.
const PROPERTIES: [(&str, &str, &str); 14] = [
    ("name", "string", "maxLength: 120"),
    ("quantity", "integer", "minimum: 0"),
    ("placedAt", "datetime", "index: true"),
    ("active", "boolean", "default: false"),
    ("price", "decimal", "precision: 12"),
    ("note", "text", "minLength: 1"),
    ("status", "Status", "default: draft"),
    ("label", "string", "index: true"),
    ("rank", "int32", "maximum: 1000"),
    ("day", "date", "default: now"),
    ("weight", "number", "minimum: 0"),
    ("token", "uuid", "unique: true"),
    ("details", "json", "hidden: true"),
    ("image", "bytes", "hidden: true"),
];
