//! `vedette eval --images DIR`: labelled photographs through the same prompt as `assess`. In -> out: one sub-folder a label -> figures; a file
//! that cannot be used is told and counted, and the others go on. It looks at nothing but the folder's direct sub-folders.

use super::{
    EvalArguments,
    outcome::{Outcome, finish},
    pool::{self, Done},
};
use crate::{
    Ending,
    config::Config,
    judge::{Judge, observe},
    told_once,
};
use anyhow::{Context, Result, bail};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};
use vedette_evaluation::{Fold, JudgedSample, SampleTruth};
use vedette_params::HazardCatalogue;
use vedette_types::{KindId, RgbPixels};

/// The label of pictures without hazard.
const NORMAL: &str = "normal";

/// A picture file and its label.
#[derive(Clone, Debug)]
pub(super) struct LabelledFile {
    pub(super) path: PathBuf,
    /// `None` for no hazard.
    pub(super) kind: Option<KindId>,
}

impl LabelledFile {
    /// `fire/0001.jpg`
    pub(super) fn name(&self) -> String {
        let part = |path: Option<&Path>| path.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        format!("{}/{}", part(self.path.parent()), part(Some(&self.path)))
    }
}

/// Judges every picture.
pub(super) fn run(arguments: &EvalArguments, folder: &Path) -> Result<Ending> {
    let config = Config::load(&arguments.config)?;
    let files = held_out(labelled_files(folder, &config.catalogue)?, arguments.held_out)?;
    let judge_one = |judge: &mut Judge, number: usize| {
        let Some(file) = files.get(number) else { bail!("there is no file {number}") };
        // A file's own fault is a result; only the first of a kind of failure that would repeat for all ends the job.
        Ok(judge_file(judge, file, &config).map_err(|error| told_once(&error)))
    };
    let Done { card, results, was_interrupted } = pool::each(&config, usize::from(arguments.threads), files.len(), "pictures", judge_one)?;
    let mut outcome = Outcome::new(card, format!("{}: labelled pictures", folder.display()), &config, was_interrupted)?;
    let mut judged_files = Vec::new();
    for (number, result) in results {
        let Some(file) = files.get(number) else { continue };
        match result {
            Ok(sample) => {
                outcome.samples.push(sample);
                judged_files.push(file);
            }
            Err(told) => outcome.errors.push((file.path.display().to_string(), told)),
        }
    }
    let picture_of = |index: usize| -> Result<RgbPixels> {
        let file = judged_files.get(index).context("no such picture")?;
        Ok(observe(fs::read(&file.path)?, &config.fusion)?.pixels)
    };
    finish(arguments, &outcome, picture_of)
}

fn judge_file(judge: &mut Judge, file: &LabelledFile, config: &Config) -> Result<JudgedSample> {
    let bytes = fs::read(&file.path).context("cannot be read")?;
    let observation = observe(bytes, &config.fusion)?;
    let judged = judge.ask(&observation, None)?;
    Ok(JudgedSample {
        id: file.name(),
        truth: SampleTruth::of_label(file.kind.clone()),
        answer: judge.sample_answer(&judged),
        probabilities: judged.answer.verdict_probabilities,
        first_kinds: judge.first_kinds(&observation)?,
        tags: Vec::new(),
    })
}

/// Of each label the part that is held out, all where there is none: the numbers of training, which counts in the same order.
pub(super) fn held_out(files: Vec<LabelledFile>, fold: Option<Fold>) -> Result<Vec<LabelledFile>> {
    let Some(fold) = fold else { return Ok(files) };
    let mut numbers: BTreeMap<Option<KindId>, usize> = BTreeMap::new();
    let mut part = files;
    part.retain(|file| {
        let number = numbers.entry(file.kind.clone()).or_default();
        *number += 1;
        fold.holds_out(*number - 1)
    });
    if part.is_empty() {
        bail!("part {fold} has no pictures: there are fewer of each label than parts");
    }
    Ok(part)
}

/// The files of every label, in order of label and name. Anything else in the folder is an error: a mistyped label must not shrink the set.
pub(super) fn labelled_files(folder: &Path, catalogue: &HazardCatalogue) -> Result<Vec<LabelledFile>> {
    let mut files = Vec::new();
    for label in entries(folder)? {
        let name = label.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if !label.is_dir() {
            bail!("{} lies beside the label folders; put it into one of them, `{NORMAL}` or a kind, or remove it", label.display());
        }
        let kind = KindId::new(&name);
        if name != NORMAL && catalogue.get(&kind).is_none() {
            let known: Vec<&str> = catalogue.kinds().iter().map(|kind| kind.id.as_str()).collect();
            bail!("{} is no label; rename the folder to `{NORMAL}` or one of {}", label.display(), known.join(", "));
        }
        let kind = (name != NORMAL).then_some(kind);
        files.extend(entries(&label)?.into_iter().map(|path| LabelledFile { path, kind: kind.clone() }));
    }
    if files.is_empty() {
        bail!("{} has no pictures; it needs one sub-folder a label with JPEG or PNG files", folder.display());
    }
    Ok(files)
}

/// What is in a folder, by name, hidden files left out.
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = fs::read_dir(folder).with_context(|| format!("cannot read the folder {}", folder.display()))?;
    let mut entries = Vec::new();
    for entry in read {
        let entry = entry.with_context(|| format!("cannot read the folder {}", folder.display()))?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            entries.push(entry.path());
        }
    }
    entries.sort();
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::{LabelledFile, held_out};
    use vedette_types::KindId;

    #[test]
    fn each_label_is_counted_for_itself() {
        let file = |name: &str, kind: Option<&str>| LabelledFile { path: name.into(), kind: kind.map(KindId::new) };
        let files = vec![file("fire/a", Some("fire")), file("fire/b", Some("fire")), file("fire/c", Some("fire")), file("normal/d", None)];
        let part = held_out(files.clone(), "0/2".parse().ok()).expect("some");
        assert_eq!(part.iter().map(LabelledFile::name).collect::<Vec<_>>(), ["fire/a", "fire/c", "normal/d"]);
        assert_eq!(held_out(files.clone(), None).expect("all").len(), 4);
        assert!(held_out(files, "3/4".parse().ok()).is_err(), "no label has so many");
    }
}
