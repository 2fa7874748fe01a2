//! What the auxiliary head learns for each patch. In -> out: what of each thing is in each patch -> targets and weights of the head's outputs.
//!
//! Words alone teach a small network to write and not to see; told for each patch what is there, it sees first and then learns to say it. The head is
//! not part of the exported model.

/// Looks that a patch may show: the six hazards, then the harmless ones, in the order of `vedette_simulator::Look::ALL`.
pub const LOOKS: usize = vedette_simulator::Look::ALL.len();
const KINDS: usize = 6;
const CENTRES: usize = LOOKS;
const RANGES: usize = CENTRES + KINDS;
const SEVERITIES: usize = RANGES + 3;
/// Outputs of the head for each patch.
pub const OUTPUTS: usize = SEVERITIES + 3;

/// Share of a patch from which on a thing is in it.
const SHARE: f32 = 0.03;
/// Or this share of the thing itself.
const OWN_SHARE: f32 = 0.25;
const NEGATIVE_WEIGHT: f32 = 0.15;
const CENTRE_WEIGHT: f32 = 2.0;

/// A thing in a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Sighting {
    /// Place in `Look::ALL`.
    pub look: usize,
    /// For a hazard that counts: severity and range, each as 0, 1, 2.
    pub hazard: Option<(usize, usize)>,
    /// Middle of its visible box, as shares of width and height.
    pub centre: [f32; 2],
    /// Its pixels in each patch, row by row.
    pub pixels: Vec<u32>,
}

/// Targets and weights, (patches x [`OUTPUTS`]).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Targets {
    /// 0 or 1.
    pub values: Vec<f32>,
    /// 0 where nothing is known.
    pub weights: Vec<f32>,
}

impl Targets {
    /// Nothing is known of any patch.
    pub fn unknown(patches: usize) -> Self {
        Self { values: vec![0.0; patches * OUTPUTS], weights: vec![0.0; patches * OUTPUTS] }
    }

    /// There is no hazard anywhere; of other things nothing is known.
    pub fn without_hazards(patches: usize) -> Self {
        let mut targets = Self::unknown(patches);
        for row in targets.weights.chunks_exact_mut(OUTPUTS) {
            row[..KINDS].fill(NEGATIVE_WEIGHT);
            row[CENTRES..RANGES].fill(NEGATIVE_WEIGHT);
        }
        targets
    }

    /// What `sightings` say; `patch_px` is the number of pixels of a patch in the picture that they were counted in.
    pub fn new(sightings: &[Sighting], across: usize, patch_px: f32) -> Self {
        let patches = across * across;
        let mut targets = Self::unknown(patches);
        // Harmless things count where they are told of: only then is their absence known.
        let known = if sightings.iter().any(|sighting| sighting.look >= KINDS) { LOOKS } else { KINDS };
        for row in targets.weights.chunks_exact_mut(OUTPUTS) {
            row[..known].fill(NEGATIVE_WEIGHT);
            row[CENTRES..RANGES].fill(NEGATIVE_WEIGHT);
        }
        let mut most = vec![0; patches];
        for sighting in sightings {
            let all: u32 = sighting.pixels.iter().sum();
            for (patch, pixels) in sighting.pixels.iter().enumerate().take(patches) {
                let is_in = *pixels as f32 >= SHARE * patch_px || (*pixels > 0 && *pixels as f32 >= OWN_SHARE * all as f32);
                if !is_in {
                    continue;
                }
                targets.set(patch, sighting.look, 1.0);
                if let Some((severity, range)) = sighting.hazard
                    && *pixels > most[patch]
                {
                    most[patch] = *pixels;
                    for class in 0..3 {
                        targets.know(patch, RANGES + class, class == range);
                        targets.know(patch, SEVERITIES + class, class == severity);
                    }
                }
            }
            if sighting.hazard.is_some() && sighting.look < KINDS {
                let place = sighting.centre.map(|share| ((share * across as f32) as usize).min(across - 1));
                targets.set(place[1] * across + place[0], CENTRES + sighting.look, CENTRE_WEIGHT);
            }
        }
        targets
    }

    /// The targets of some patches.
    #[must_use]
    pub(crate) fn of(&self, patches: &[u32]) -> Self {
        let pick =
            |all: &[f32]| patches.iter().flat_map(|patch| all.iter().skip(*patch as usize * OUTPUTS).take(OUTPUTS)).copied().collect();
        Self { values: pick(&self.values), weights: pick(&self.weights) }
    }

    /// The patches in which there is something.
    pub(crate) fn shown(&self) -> Vec<usize> {
        let rows = self.values.chunks_exact(OUTPUTS).enumerate();
        rows.filter(|(_, row)| row[..LOOKS].iter().any(|value| *value > 0.5)).map(|(patch, _)| patch).collect()
    }

    fn set(&mut self, patch: usize, output: usize, weight: f32) {
        self.values[patch * OUTPUTS + output] = 1.0;
        self.weights[patch * OUTPUTS + output] = weight;
    }

    fn know(&mut self, patch: usize, output: usize, is_so: bool) {
        self.values[patch * OUTPUTS + output] = f32::from(u8::from(is_so));
        self.weights[patch * OUTPUTS + output] = 0.5;
    }
}
