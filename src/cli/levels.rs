//! `--deny`, `--warn` and `--allow`, in the order in which they are written: the later wins.

use clap::{Arg, ArgAction, ArgMatches, Command, Error, FromArgMatches};

use relata_compiler::diagnostic::levels::{Level, Levels, Lint, LintError};

/// The levels that the command line sets.
#[derive(Debug, Clone, Default)]
pub(super) struct Args(Levels);

impl Args {
    pub(super) fn levels(&self) -> &Levels {
        &self.0
    }
}

type Parser = fn(&str) -> Result<Lint, LintError>;

/// Each with its help and its parser, for what may be named depends on the level.
const OPTIONS: [(Level, &str, Parser); 3] = [
    (Level::Deny, "Fail on these warnings: codes, or `warnings` for all", |word| Lint::find(word, Level::Deny)),
    (Level::Warn, "Tell these warnings, and do not fail", |word| Lint::find(word, Level::Warn)),
    (Level::Allow, "Leave these warnings out", |word| Lint::find(word, Level::Allow)),
];

/// By hand, for derived options do not know which of two came first.
impl clap::Args for Args {
    fn augment_args(command: Command) -> Command {
        command.args(OPTIONS.map(|(level, help, parser)| {
            Arg::new(level.as_str())
                .long(level.as_str())
                .value_name("CODE")
                .help(help)
                .action(ArgAction::Append)
                .value_delimiter(',')
                .value_parser(parser)
        }))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Args {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut set = Vec::new();
        for (level, ..) in OPTIONS {
            let lints = matches.get_many::<Lint>(level.as_str()).into_iter().flatten();
            let places = matches.indices_of(level.as_str()).into_iter().flatten();
            set.extend(places.zip(lints).map(|(place, lint)| (place, *lint, level)));
        }
        set.sort_by_key(|(place, ..)| *place);
        let mut levels = Levels::default();
        for (_, lint, level) in set {
            levels.set_by_option(lint, level);
        }
        Ok(Self(levels))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
