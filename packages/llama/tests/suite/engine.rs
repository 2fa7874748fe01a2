//! Deadlines, cancels, priorities: callers have their reply in time, and what was given up leaves no trace.

use crate::requests::{assert_fault, assert_valid, load, picture, request, substance};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use vedette_llama::gguf::TensorType;
use vedette_llama::tiny::{TinyPair, VisionShape, write_pair};
use vedette_llama::{Engine, LlamaError, LlamaParams, LlamaVlm, PairPaths, Priority, Ticket};
use vedette_reasoning::{Sampling, Vlm, VlmRequest};
use vedette_types::Finish;

/// A pair whose vision tower takes its time: about 20 times the work of the tiny one.
fn slow_pair() -> (PairPaths, tempfile::TempDir) {
    let mut pair = TinyPair::untrained();
    pair.card.name = "slow-to-see".to_owned();
    pair.shape.side_px = 448;
    pair.shape.pool = 8;
    pair.shape.vision = VisionShape { n_layer: 6, ..pair.shape.vision };
    pair.matrices = TensorType::F16;
    let folder = tempfile::tempdir().unwrap();
    let paths = write_pair(folder.path(), &pair, |name, _, values| {
        let mut state = name.len() as u32;
        values.iter_mut().for_each(|value| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *value = ((state >> 8) as f32 / (1 << 24) as f32 - 0.5) * 0.1;
        });
        Ok(())
    });
    (paths.unwrap(), folder)
}

/// A question whose answer takes the model long: free text, hot.
fn long_question(base: &VlmRequest) -> VlmRequest {
    let schema = r#"{"type":"object","properties":{"answer":{"type":"string","minLength":1500,"maxLength":1500}},"required":["answer"],"additionalProperties":false,"x-guidance":{"whitespace_flexible":false}}"#;
    let sampling = Sampling { temperature: 1.0, seed: 4, max_tokens: 1500 };
    VlmRequest { schema: schema.into(), sampling, ..base.clone() }
}

/// Hands a request in and waits until it is with the model, or has ended: on a busy machine both may lie between two looks.
fn begin(engine: &Engine, request: VlmRequest, priority: Priority) -> Ticket {
    let is_over = Arc::new(AtomicBool::new(false));
    let theirs = Arc::clone(&is_over);
    let ticket = engine.submit_telling(request, priority, Box::new(move || theirs.store(true, Ordering::SeqCst)));
    while ticket.progress().is_none() && !is_over.load(Ordering::SeqCst) {
        std::thread::yield_now();
    }
    ticket
}

#[test]
fn an_encode_goes_on_behind_a_deadline_and_its_embeddings_are_kept() {
    let (paths, _folder) = slow_pair();
    let mut vlm = LlamaVlm::load(&paths, &LlamaParams::default()).unwrap();
    let first = request(&vlm);
    let encode_millis = vlm.answer(&first).timings.encode_millis;
    let other = VlmRequest { pixels: picture(300, 200, 8), ..first };
    let late = vlm.answer(&VlmRequest { deadline_millis: Some((encode_millis / 8.0) as u64), ..other.clone() });
    assert_eq!((late.finish, late.tokens), (Finish::Deadline, 0));
    assert_eq!(vlm.encoded_pictures(), 1, "the answer came before the encode ended");
    let answer = vlm.answer(&other);
    assert_eq!(vlm.encoded_pictures(), 2, "the encode that went on is the one that is used");
    let mut fresh = LlamaVlm::load(&paths, &LlamaParams::default()).unwrap();
    assert_eq!(substance(&answer), substance(&fresh.answer(&other)));
}

#[test]
fn a_picture_that_nobody_waits_for_is_not_begun() {
    let (paths, _folder) = slow_pair();
    let mut vlm = LlamaVlm::load(&paths, &LlamaParams::default()).unwrap();
    let base = request(&vlm);
    let of = |seed: u32, deadline_millis| VlmRequest { pixels: picture(300, 200, seed), deadline_millis, ..base.clone() };
    let encode_millis = vlm.answer(&of(1, None)).timings.encode_millis;
    // The second is being encoded while the third and fourth wait and go.
    for (seed, share) in [(2, 4.0), (3, 8.0), (4, 8.0)] {
        assert_eq!(vlm.answer(&of(seed, Some((encode_millis / share) as u64))).finish, Finish::Deadline);
    }
    let answer = vlm.answer(&of(9, None));
    assert_eq!(vlm.encoded_pictures(), 3);
    assert_eq!(substance(&answer), substance(&vlm.answer(&of(9, None))));
}

#[test]
fn an_engine_answers_like_its_model() {
    let mut alone = load();
    let request = request(&alone);
    let reference = alone.answer(&request);
    let mut engine = Engine::start(load()).unwrap();
    assert_eq!(engine.card(), alone.card());
    assert_eq!(substance(&Vlm::answer(&mut engine, &request)), substance(&reference));
    let late = engine.submit(VlmRequest { deadline_millis: Some(0), ..request.clone() }, Priority::Hazard).wait();
    assert_eq!((late.answer.finish, &*late.card), (Finish::Deadline, alone.card()));
    let in_time = VlmRequest { deadline_millis: Some(600_000), ..request };
    assert_eq!(substance(&engine.submit(in_time, Priority::Question).wait().answer), substance(&reference));
}

#[test]
fn of_requests_that_wait_the_newest_wins() {
    let mut alone = load();
    let base = request(&alone);
    let engine = Engine::start(load()).unwrap();
    let running = begin(&engine, long_question(&base), Priority::Hazard);
    let of = |seed| VlmRequest { pixels: picture(60, 60, seed), ..base.clone() };
    let waiting: Vec<Ticket> = (0..4).map(|seed| engine.submit(of(seed), Priority::Hazard)).collect();
    let mut replies: Vec<_> = waiting.into_iter().map(Ticket::wait).collect();
    assert_eq!(substance(&running.wait().answer), substance(&alone.answer(&long_question(&base))), "who has begun ends");
    assert_eq!(substance(&replies.pop().unwrap().answer), substance(&alone.answer(&of(3))));
    for superseded in replies {
        assert_fault(&superseded.answer, &["newer request"]);
    }
}

#[test]
fn a_hazard_check_takes_the_model_from_a_question_which_begins_anew() {
    let mut alone = load();
    let base = request(&alone);
    let (question, hazard) = (long_question(&base), VlmRequest { pixels: picture(60, 60, 2), ..base.clone() });
    let expected = [alone.answer(&question), alone.answer(&hazard)];
    let engine = Engine::start(load()).unwrap();
    let asked = begin(&engine, question.clone(), Priority::Question);
    let first = engine.submit(hazard.clone(), Priority::Hazard).wait();
    assert_eq!(asked.try_take(), None, "the question waits");
    assert_eq!(substance(&first.answer), substance(&expected[1]));
    // The other way round nothing is taken away.
    let checked = engine.submit(hazard, Priority::Hazard);
    assert_eq!(substance(&asked.wait().answer), substance(&expected[0]), "nothing of the broken-off call stays");
    assert_eq!(substance(&checked.wait().answer), substance(&expected[1]));
}

#[test]
fn what_cannot_wait_goes_before_the_following_look_and_after_the_one_under_way() {
    let mut alone = load();
    let base = request(&alone);
    let of = |seed| VlmRequest { pixels: picture(60, 60, seed), ..base.clone() };
    let expected = [alone.answer(&long_question(&base)), alone.answer(&of(1)), alone.answer(&of(2))];
    let engine = Engine::start(load()).unwrap();
    let under_way = begin(&engine, long_question(&base), Priority::Hazard);
    let following = engine.submit(of(1), Priority::Hazard);
    let urgent = engine.submit(of(2), Priority::Next);
    assert!(under_way.progress().is_some() && urgent.progress().is_none(), "the look under way is not ended");
    assert_eq!(substance(&urgent.wait().answer), substance(&expected[2]));
    assert_eq!(substance(&under_way.try_take().unwrap().answer), substance(&expected[0]), "it was first");
    assert_eq!(substance(&following.wait().answer), substance(&expected[1]));
    // A question gives way to it, and begins anew.
    let asked = begin(&engine, long_question(&base), Priority::Question);
    assert_eq!(substance(&engine.submit(of(2), Priority::Next).wait().answer), substance(&expected[2]));
    assert_eq!(substance(&asked.wait().answer), substance(&expected[0]));
}

#[test]
fn a_cancelled_call_leaves_no_trace() {
    let mut alone = load();
    let base = request(&alone);
    let reference = alone.answer(&base);
    let engine = Engine::start(load()).unwrap();
    for deadline_millis in [None, Some(5), Some(20), Some(40)] {
        let given_up = begin(&engine, VlmRequest { deadline_millis, ..long_question(&base) }, Priority::Hazard);
        match deadline_millis {
            None => drop(given_up),
            Some(_) => assert_eq!(given_up.wait().answer.finish, Finish::Deadline),
        }
        let answer = engine.submit(base.clone(), Priority::Hazard).wait().answer;
        assert_eq!(substance(&answer), substance(&reference), "after {deadline_millis:?}");
    }
}

#[test]
fn the_model_is_exchanged_under_a_request() {
    let base = request(&load());
    let small = || LlamaParams { n_ctx: 512, ..LlamaParams::default() };
    let engine = Engine::start(load()).unwrap();
    let asked = engine.submit(base.clone(), Priority::Hazard);
    engine.replace(move || LlamaVlm::load(&crate::requests::pair(), &small()));
    assert_valid(&asked.wait().answer);
    engine.unload("the machine is too hot");
    // Exchanges go first, so this request meets no model.
    let refused = engine.submit(base.clone(), Priority::Hazard).wait();
    assert_fault(&refused.answer, &["no model is loaded", "too hot"]);
    engine.replace(|| Err(LlamaError::Backend { detail: "a test".to_owned() }));
    assert_fault(&engine.submit(base.clone(), Priority::Hazard).wait().answer, &["a test"]);
    engine.replace(move || LlamaVlm::load(&crate::requests::pair(), &small()));
    let reply = engine.submit(base.clone(), Priority::Hazard).wait();
    assert_valid(&reply.answer);
    let too_long = VlmRequest { prompt: "word ".repeat(600) + &base.prompt, ..base };
    assert_fault(&engine.submit(too_long, Priority::Hazard).wait().answer, &["n_ctx = 512"]);
}

#[test]
fn what_an_older_exchange_left_is_no_fault_of_the_one_under_way() {
    let engine = Engine::start(load()).unwrap();
    let (begins, begun) = std::sync::mpsc::sync_channel(1);
    let (go_on, wait) = std::sync::mpsc::sync_channel(1);
    let older_begins = begins.clone();
    engine.replace(move || {
        older_begins.send(()).unwrap();
        wait.recv().unwrap();
        Err(LlamaError::Backend { detail: "a test".to_owned() })
    });
    begun.recv().unwrap();
    let (go_on_newer, wait_newer) = std::sync::mpsc::sync_channel(1);
    engine.replace(move || {
        begins.send(()).unwrap();
        wait_newer.recv().unwrap();
        Ok(load())
    });
    go_on.send(()).unwrap();
    begun.recv().unwrap();
    assert_eq!(engine.fault(), None, "the newer one is loading");
    go_on_newer.send(()).unwrap();
    assert_valid(&engine.submit(request(&load()), Priority::Hazard).wait().answer);
}

#[test]
fn an_engine_that_ends_tells_those_who_wait() {
    let base = request(&load());
    let engine = Engine::start(load()).unwrap();
    let running = begin(&engine, long_question(&base), Priority::Hazard);
    let waiting = engine.submit(base, Priority::Hazard);
    let card = Arc::new(load().card().clone());
    drop(engine);
    let [running, waiting] = [running, waiting].map(Ticket::wait);
    assert_fault(&running.answer, &["cancelled"]);
    assert_fault(&waiting.answer, &["thread has ended"]);
    assert_eq!(waiting.card, card);
}

#[test]
#[ignore = "measures; cargo test -p vedette-llama --test suite within_50_ms -- --ignored --nocapture"]
#[expect(clippy::print_stdout, clippy::disallowed_methods, reason = "the measured times are what it is run for")]
fn callers_hear_within_50_ms_of_their_deadline_with_both_cores_busy() {
    const CALLS: u32 = 1000;
    let (paths, _folder) = slow_pair();
    let base = request(&load());
    // The tiny pair, whose text is long, and one whose encode outlasts every deadline.
    for (name, paths) in [("tiny", crate::requests::pair()), ("slow to see", paths)] {
        let engine = Engine::start(LlamaVlm::load(&paths, &LlamaParams::default()).unwrap()).unwrap();
        let is_over = AtomicBool::new(false);
        let mut overshoot_millis = Vec::new();
        let mut late = 0;
        std::thread::scope(|scope| {
            (0..2).for_each(|_| {
                drop(scope.spawn(|| {
                    while !is_over.load(Ordering::Relaxed) {
                        std::hint::spin_loop()
                    }
                }))
            });
            for call in 0..CALLS {
                let deadline_millis = 1 + u64::from(call % 40);
                let request =
                    VlmRequest { pixels: picture(200, 150, call), deadline_millis: Some(deadline_millis), ..long_question(&base) };
                let start = std::time::Instant::now();
                let reply = engine.submit(request, Priority::Hazard).wait();
                overshoot_millis.push(start.elapsed().as_secs_f64() * 1e3 - deadline_millis as f64);
                late += u32::from(reply.answer.finish == Finish::Deadline);
            }
            is_over.store(true, Ordering::Relaxed);
        });
        overshoot_millis.sort_by(f64::total_cmp);
        let [p50, p99] = [500, 990].map(|rank| overshoot_millis[rank]);
        println!(
            "{name}: {late} of {CALLS} at the deadline; after it p50 {p50:.2} ms, p99 {p99:.2} ms, most {:.2} ms",
            overshoot_millis.last().unwrap()
        );
        assert!(p99 <= 50.0, "{name}: p99 {p99} ms");
    }
}

#[test]
fn a_self_test_goes_between_requests_and_who_waits_is_told() {
    let engine = Engine::start(load()).unwrap();
    let (sender, told) = std::sync::mpsc::sync_channel(2);
    let bell = sender.clone();
    let outcome = engine.self_test(Box::new(move || bell.send("tested").unwrap()));
    let asked = engine.submit_telling(request(&load()), Priority::Hazard, Box::new(move || sender.send("answered").unwrap()));
    let mut heard = [told.recv().unwrap(), told.recv().unwrap()];
    heard.sort_unstable();
    assert_eq!(heard, ["answered", "tested"]);
    assert_eq!(outcome.try_recv().unwrap().unwrap().sha256, load().card().sha256);
    assert_valid(&asked.try_take().unwrap().answer);
    engine.unload("out of memory");
    let outcome = engine.self_test(Box::new(|| {})).recv().unwrap();
    assert!(outcome.unwrap_err().contains("out of memory"));
}
