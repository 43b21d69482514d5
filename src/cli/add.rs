//! `relata add`.

use clap::ValueEnum;

use relata_compiler::Checked;
use relata_compiler::baseline::Hide;
use relata_compiler::diagnostic::levels::Levels;
use relata_compiler::edit::{self, AddError, Added, NewRelation, Through};
use relata_compiler::graph::RelationKind;
use relata_compiler::output;
use relata_compiler::settings::Project;

use super::report::{self, Colours, Stream};
use super::{Failure, Outcome, ReportFormat, Source, check, inputs};

const EXAMPLES: &str = "\
Examples:
  relata add belongsTo Order Customer --required --inverse
                              and `hasMany: Order` on Customer
  relata add hasMany Product Order --through OrderItem
  relata add belongsTo Comment Post,Photo --name subject
                              polymorphic: a comment of a post or of a photo
  relata add belongsTo Category Category --key-from parentId --inverse=children";

/// Write a relation into the schema text, keeping comments and layout
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// What the relation is
    #[arg(value_enum, value_name = "KIND")]
    kind: Kind,
    /// The model that declares it
    #[arg(value_name = "MODEL")]
    model: String,
    /// The model that it leads to; several, separated by commas, make it polymorphic
    #[arg(value_name = "TARGET")]
    target: String,
    #[command(flatten)]
    source: Source,
    /// The relation's name; default: made from its key or target
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The key on the model, separated by commas
    #[arg(long, value_name = "PROPERTIES", value_delimiter = ',')]
    key_from: Vec<String>,
    /// The key on the target, separated by commas
    #[arg(long, value_name = "PROPERTIES", value_delimiter = ',')]
    key_to: Vec<String>,
    /// The link model of a hasMany or hasOne
    #[arg(long, value_name = "MODEL")]
    through: Option<String>,
    /// The key of the link model to the model
    #[arg(long, value_name = "PROPERTIES", value_delimiter = ',', requires = "through")]
    through_key_from: Vec<String>,
    /// The key of the link model to the target
    #[arg(long, value_name = "PROPERTIES", value_delimiter = ',', requires = "through")]
    through_key_to: Vec<String>,
    /// The polymorphic relation of the target that a hasMany or hasOne answers
    #[arg(long, value_name = "NAME")]
    polymorphic: Option<String>,
    /// The key is required
    #[arg(long)]
    required: bool,
    /// What deleting the referenced row does
    #[arg(long, value_enum, value_name = "ACTION")]
    on_delete: Option<Act>,
    /// What changing the referenced key does
    #[arg(long, value_enum, value_name = "ACTION")]
    on_update: Option<Act>,
    /// Write the other direction too, by its default name or by this one
    #[arg(long, value_name = "NAME", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    inverse: Option<String>,
    /// Say nothing of the other direction
    #[arg(long, conflicts_with = "inverse")]
    no_inverse: bool,
    /// Write nothing; print what would change as a unified diff
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "camelCase")]
enum Kind {
    /// The model holds the key of one target
    BelongsTo,
    /// Many targets hold the key of the model
    HasMany,
    /// At most one target holds the key of the model
    HasOne,
    /// The model holds a list of keys
    ReferencesMany,
    /// The model holds a value of an abstract target
    EmbedsOne,
    /// The model holds a list of values of an abstract target
    EmbedsMany,
}

impl From<Kind> for RelationKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::BelongsTo => Self::BelongsTo,
            Kind::HasMany => Self::HasMany,
            Kind::HasOne => Self::HasOne,
            Kind::ReferencesMany => Self::ReferencesMany,
            Kind::EmbedsOne => Self::EmbedsOne,
            Kind::EmbedsMany => Self::EmbedsMany,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "camelCase")]
enum Act {
    /// The change is refused
    Restrict,
    /// The rows follow
    Cascade,
    /// The rows let go
    SetNull,
    /// Nothing
    NoAction,
}

impl Act {
    fn word(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

pub(super) fn run(args: &Args, colours: &Colours) -> Result<Outcome, Failure> {
    let mut project = inputs::project(&args.source);
    let schemas = inputs::schemas(&mut project, &args.source)?;
    inputs::one_at_most(&schemas)?;
    let tell = |project: Project| {
        let settled = project.settle(&Levels::default(), None, Hide::Warnings);
        report::findings(&settled, ReportFormat::Human, colours, Stream::Err)
    };
    let Some(schema) = schemas.first() else { return tell(project) };
    let relation = relation(args);
    let with_inverse = args.inverse.as_deref().map(|name| Some(name).filter(|name| !name.is_empty()));
    let added = match edit::add(&schema.inputs, &relation, with_inverse) {
        Ok(added) => added,
        Err(AddError::Unread(checked)) => {
            project.add(schema, *checked);
            return tell(project);
        }
        Err(error) => return Err(error.to_string().into()),
    };
    let breaks = added.breaks();
    let other_way = args.inverse.is_none() && !added.inverse.is_empty();
    if !breaks {
        write(args, &relation, &added, &schema.inputs.texts)?;
    }
    project.add(schema, Checked { sources: added.sources, graph: None, findings: added.wrong });
    tell(project)?;
    if breaks {
        let hint = if other_way { "; perhaps with `--inverse`, which writes the other direction too" } else { "" };
        report::note(&format!("nothing is written: with this relation, the schema would have these errors{hint}"))?;
    }
    Ok(if breaks { Outcome::Findings } else { Outcome::Clean })
}

fn relation(args: &Args) -> NewRelation {
    NewRelation {
        name: args.name.clone(),
        key_from: args.key_from.clone(),
        key_to: args.key_to.clone(),
        through: args.through.as_ref().map(|model| Through {
            model: model.clone(),
            key_from: args.through_key_from.clone(),
            key_to: args.through_key_to.clone(),
        }),
        polymorphic: args.polymorphic.clone(),
        required: args.required,
        on_delete: args.on_delete.map(Act::word),
        on_update: args.on_update.map(Act::word),
        ..NewRelation::new(
            args.kind.into(),
            &args.model,
            args.target.split(',').map(|name| name.trim().to_owned()).collect(),
        )
    }
}

fn write(args: &Args, relation: &NewRelation, added: &Added, streams: &[(String, String)]) -> Result<(), Failure> {
    let diff = output::text_diff(&added.files);
    if args.dry_run {
        report::result(diff.as_bytes())?;
    } else {
        check::write(streams, &added.files)?;
        if !diff.is_empty() {
            report::note(diff.trim_end())?;
        }
    }
    if added.files.is_empty() {
        report::note(&format!("`{}` has this relation already", relation.source))?;
    }
    for mended in &added.made {
        report::note(&format!("fixed[{}]: {}", mended.code.code, mended.fix))?;
    }
    for inverse in added.inverse.iter().filter(|_| !args.no_inverse) {
        report::note(&format!("the other direction: {}", command(inverse, &args.source.paths)))?;
    }
    Ok(())
}

/// The command that writes a relation.
fn command(relation: &NewRelation, paths: &[String]) -> String {
    let mut words = vec!["relata add".to_owned(), relation.kind.key().to_owned(), relation.source.clone()];
    words.push(relation.targets.join(","));
    words.extend(paths.iter().cloned());
    let mut option = |name: &str, value: String| {
        if !value.is_empty() {
            words.push(format!("--{name} {value}"));
        }
    };
    option("name", relation.name.clone().unwrap_or_default());
    option("key-from", relation.key_from.join(","));
    option("key-to", relation.key_to.join(","));
    if let Some(link) = &relation.through {
        option("through", link.model.clone());
        option("through-key-from", link.key_from.join(","));
        option("through-key-to", link.key_to.join(","));
    }
    option("polymorphic", relation.polymorphic.clone().unwrap_or_default());
    words.join(" ")
}
