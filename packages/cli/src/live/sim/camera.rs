//! The simulated camera on a thread of its own. In -> out: shots of the world with the truth of their moment -> pictures as messages, the truth
//! with what of it can be seen; the node is woken. A camera that is still busy misses a shot: the world waits for nobody.

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use std::{
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    thread,
};
use vedette_messages::RosMsg as _;
use vedette_ros::Wake;
use vedette_simulator::{CameraShot, Truth, compressed_image, raw_image, render, truth_line};

/// In which form pictures are published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Pictures {
    /// camera/image_raw
    Raw,
    /// camera/image_raw/compressed
    Compressed,
    /// Both
    Both,
}

/// A picture that was taken.
#[derive(Debug)]
pub(super) struct Picture {
    /// One line of `truth.jsonl`.
    pub(super) truth: String,
    /// CDR of an Image, where it is wanted.
    pub(super) raw: Option<Vec<u8>>,
    /// CDR of a CompressedImage, where it is wanted.
    pub(super) compressed: Option<Vec<u8>>,
}

type Shot = (Box<CameraShot>, Truth);

/// The thread's end here. Dropped, the thread ends after its present picture.
pub(super) struct Camera {
    shots: SyncSender<Shot>,
    pictures: Receiver<Result<Picture>>,
}

impl Camera {
    pub(super) fn start(form: Pictures, threads: usize, wake: Wake) -> Result<Self> {
        // No shot waits: when the thread is free again a fresher one comes.
        let (shots, fired) = sync_channel::<Shot>(0);
        let (sender, pictures) = sync_channel(2);
        let work = move || {
            while let Ok((shot, truth)) = fired.recv() {
                if sender.send(develop(&shot, truth, form, threads)).is_err() {
                    return;
                }
                wake.wake();
            }
        };
        thread::Builder::new().name("vedette-camera".to_owned()).spawn(work).context("cannot start the camera's thread")?;
        Ok(Self { shots, pictures })
    }

    /// Takes a picture; false when the camera is busy.
    pub(super) fn shoot(&self, shot: Box<CameraShot>, truth: Truth) -> Result<bool> {
        match self.shots.try_send((shot, truth)) {
            Ok(()) => Ok(true),
            Err(TrySendError::Full(_)) => Ok(false),
            Err(TrySendError::Disconnected(_)) => bail!("the camera's thread is gone; this is a bug"),
        }
    }

    /// The next picture that is ready.
    pub(super) fn take(&self) -> Option<Result<Picture>> {
        self.pictures.try_recv().ok()
    }
}

fn develop(shot: &CameraShot, mut truth: Truth, form: Pictures, threads: usize) -> Result<Picture> {
    let rendered = render(&shot.scene, &shot.camera, threads)?;
    truth.add_visible(&rendered.visible);
    let raw = if form == Pictures::Compressed { None } else { Some(raw_image(shot.stamp, &rendered.pixels).to_cdr()?) };
    let compressed = if form == Pictures::Raw {
        None
    } else {
        Some(compressed_image(shot.stamp, vedette_visualization::jpeg(&rendered.pixels)?).to_cdr()?)
    };
    Ok(Picture { truth: truth_line(&truth)?, raw, compressed })
}

#[cfg(test)]
mod tests {
    use super::*;
    use vedette_messages::{from_ros, topics};
    use vedette_simulator::{Emission, Map, Scenario, World};
    use vedette_types::{ImageData, Reading};

    #[test]
    fn both_forms_pass_the_border_with_the_stamp_of_the_shot() {
        let map = Map::bundled("home").expect("a map");
        let mut world = World::new(Scenario::generate(&map, 2, 1.0).expect("a scenario"));
        let mut emissions = Vec::new();
        world.step(&mut emissions);
        let shot = emissions.into_iter().find_map(|emission| if let Emission::Shot(shot) = emission { Some(shot) } else { None });
        let shot = shot.expect("a shot");
        let picture = develop(&shot, world.truth(None), Pictures::Both, 2).expect("a picture");
        let read = |topic: topics::Topic, cdr: Option<Vec<u8>>| match from_ros::reading(topic.type_name, topic.name, &cdr.expect("wanted"))
            .expect("passes")
        {
            Reading::Image(frame) => frame,
            other => panic!("{other:?}"),
        };
        let (raw, compressed) = (read(topics::IMAGE_RAW, picture.raw), read(topics::IMAGE_COMPRESSED, picture.compressed));
        assert_eq!((raw.stamp, compressed.stamp, raw.frame.as_str()), (shot.stamp, shot.stamp, "camera_optical"));
        assert!(matches!(raw.data, ImageData::Raw { width: 640, height: 480, step: 1920, .. }));
        assert!(matches!(compressed.data, ImageData::Jpeg(_)));
        assert!(picture.truth.contains(&format!("\"stamp_nanos\":{}", shot.stamp.nanos())), "{}", picture.truth);
        let only = develop(&shot, world.truth(None), Pictures::Compressed, 2).expect("a picture");
        assert!(only.raw.is_none() && only.compressed.is_some());
    }
}
