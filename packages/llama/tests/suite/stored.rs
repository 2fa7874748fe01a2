//! The state of the static text on disk: the first answer after a start uses it, and no bit depends on it.

use crate::requests::{assert_valid, pair, picture, request, substance};
use std::fs;
use std::path::{Path, PathBuf};
use vedette_llama::{LlamaParams, LlamaVlm};
use vedette_reasoning::{MEDIA_MARKER, Vlm, VlmRequest};

fn load_in(folder: &Path, change: impl FnOnce(&mut LlamaParams)) -> LlamaVlm {
    let mut params = LlamaParams { prefix_folder: folder.display().to_string(), ..LlamaParams::default() };
    change(&mut params);
    LlamaVlm::load(&pair(), &params).unwrap()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Tokens of the text before the picture.
fn fixed(vlm: &LlamaVlm, request: &VlmRequest) -> u32 {
    vlm.tokenize(request.prompt.split(MEDIA_MARKER).next().unwrap()).len() as u32 + 2
}

#[test]
fn a_state_from_the_disk_changes_no_bit() {
    let folder = tempfile::tempdir().unwrap();
    let mut plain =
        LlamaVlm::load(&pair(), &LlamaParams { prefix_cache: false, picture_cache_bytes: 0, ..LlamaParams::default() }).unwrap();
    let first = request(&plain);
    let requests: Vec<VlmRequest> = (0..4)
        .map(|seed| VlmRequest {
            pixels: picture(90, 70, seed),
            prompt: first.prompt.replace("12 ppm", &format!("{seed}7 ppm")),
            ..first.clone()
        })
        .collect();
    let answer = "{\"verdict\":\"unknown\"";
    let expected: Vec<_> = requests.iter().map(|request| substance(&plain.answer(request))).collect();
    let scores: Vec<_> = requests.iter().map(|request| plain.scores_of(request, answer).unwrap()).collect();
    assert_eq!(load_in(folder.path(), |_| ()).answer(&first).timings.reused_tokens, 0, "the first start of all");
    assert_eq!(files(folder.path()).len(), 1);
    for (request, (expected, scores)) in requests.iter().zip(expected.iter().zip(&scores)) {
        let mut vlm = load_in(folder.path(), |_| ());
        let answer_now = vlm.answer(request);
        assert_eq!(answer_now.timings.reused_tokens, fixed(&vlm, request));
        assert_eq!(&substance(&answer_now), expected);
        assert_eq!(&load_in(folder.path(), |_| ()).scores_of(request, answer).unwrap(), scores);
        // And from what the memory holds after a restored beginning.
        assert_eq!(&substance(&vlm.answer(request)), expected);
    }
}

#[test]
fn a_state_is_used_by_its_own_kind_alone() {
    let folder = tempfile::tempdir().unwrap();
    let base = request(&load_in(folder.path(), |_| ()));
    let reused = |change: &dyn Fn(&mut LlamaParams)| load_in(folder.path(), change).answer(&base).timings.reused_tokens;
    assert_eq!(reused(&|_| ()), 0);
    assert!(reused(&|_| ()) > 0);
    assert_eq!(reused(&|params| params.n_ctx = 1024), 0, "another context");
    assert_eq!(reused(&|params| params.n_ubatch = 64), 0, "other sums");
    assert_eq!(reused(&|params| params.prefix_cache = false), 0, "switched off");
    assert_eq!(reused(&|params| params.prefix_folder = "none".to_owned()), 0, "no folder");
    assert_eq!(files(folder.path()).len(), 3);
    let other_text = VlmRequest { prompt: base.prompt.replace("observer", "watcher"), ..base.clone() };
    assert_eq!(load_in(folder.path(), |_| ()).answer(&other_text).timings.reused_tokens, 0, "another text");
}

#[test]
fn a_damaged_state_is_dropped_and_computed_anew() {
    let folder = tempfile::tempdir().unwrap();
    let mut vlm = load_in(folder.path(), |_| ());
    let base = request(&vlm);
    let reference = substance(&vlm.answer(&base));
    drop(vlm);
    let [path] = &files(folder.path())[..] else { panic!("one file") };
    let whole = fs::read(path).unwrap();
    for at in [0, 9, 41, 50, 100, whole.len() / 2, whole.len() - 1] {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        fs::write(path, bytes).unwrap();
        let mut vlm = load_in(folder.path(), |_| ());
        let answer = vlm.answer(&base);
        assert_eq!((substance(&answer) == reference, answer.timings.reused_tokens), (true, 0), "byte {at}");
        drop(vlm);
        assert_eq!(fs::read(path).unwrap(), whole, "it is written again");
    }
    fs::write(path, &whole[..whole.len() / 3]).unwrap();
    assert_valid(&load_in(folder.path(), |_| ()).answer(&base));
}

#[test]
fn a_text_that_outgrew_the_window_is_not_stored() {
    let folder = tempfile::tempdir().unwrap();
    let mut vlm = load_in(folder.path(), |_| ());
    let mut long = request(&vlm);
    long.prompt = long.prompt.replacen("You are", &format!("{}You are", "smoke ".repeat(1200)), 1);
    assert_valid(&vlm.answer(&long));
    drop(vlm);
    assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
}
