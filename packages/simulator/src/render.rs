//! The renderer: a scene as a camera sees it, in software.
//!
//! In -> out: `Scene`, `Camera`, number of threads -> pixels, and what of each thing is in them. The same input gives the same bytes with any
//! number of threads: the picture is cut into bands of rows and each pixel is computed by itself.
//! Deliberately absent: files, time and randomness; defocus; reflections of things.

mod air;
mod backdrop;
mod bands;
mod billows;
mod canvas;
mod colours;
mod decals;
mod finish;
mod flames;
mod flats;
pub(crate) mod font;
mod grid;
mod lens;
mod light;
mod material;
mod noise;
mod owners;
mod parts;
mod photo;
mod sheet;
mod solids;
mod spread;
mod textures;
mod things;
mod vector;
mod view;
mod walls;

pub use owners::{Fluid, Owners};
pub use sheet::{contact_sheet, form_sheet, invented_sheet, pattern_sheet};
pub(crate) use things::{first_invented, forms};

use crate::{Camera, Scene, Visible};
use canvas::{BAND_ROWS, Canvas, FLAT, NOBODY};
use finish::Film;
use grid::Grid;
use lens::Lens;
use light::Lamps;
use owners::Tally;
use parts::{Parts, Pen};
use photo::Photo;
use spread::Spread;
use std::sync::{Mutex, PoisonError};
use textures::Skin;
use vector::V3;
use vedette_types::RgbPixels;
use view::{Row, View};
use walls::{Face, Fan};

/// A picture.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// 8-bit sRGB.
    pub pixels: RgbPixels,
    /// Things of which at least one pixel can be seen, in the order of `Scene::things`.
    pub visible: Vec<Visible>,
}

/// Why there is no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// A side is zero or too large.
    #[error("a picture needs 1 to {max} columns and rows; set the camera's width and height: {width} x {height}")]
    Size {
        /// Columns asked for.
        width: u32,
        /// Rows asked for.
        height: u32,
        /// Largest side.
        max: u32,
    },
}

/// Everything that painting a band needs, in the view frame.
struct Frame<'a> {
    view: View,
    fan: Fan,
    skin: Skin<'a>,
    lamps: Lamps,
    parts: Parts,
    /// In place of walls, floor and ceiling.
    photo: Option<Photo>,
}

/// What lies between the light and the bytes.
struct Optics {
    lens: Option<Lens>,
    spread: Option<Spread>,
    film: Film,
}

/// Where a ray mirrored by the floor ends: on a face, or on the ceiling.
struct Mirrored<'a> {
    face: Option<&'a Face>,
    point: V3,
}

impl Frame<'_> {
    /// Inverse depth of floor or ceiling in a row.
    fn flat_inverse(&self, ray: Row) -> f32 {
        if ray.slope < 0.0 { -ray.slope / self.view.eye_m } else { ray.slope / (self.skin.ceiling_m - self.view.eye_m) }
    }

    /// A coordinate of the map for a point of the view frame, metres.
    fn map_coordinate(&self, axis: usize, point: V3) -> f32 {
        self.view.position[axis] as f32 + point[0] * self.view.forward[axis] + point[1] * self.view.left[axis]
    }

    /// Follows a ray mirrored by the floor at `depth`.
    fn mirror(&self, slope: f32, aside: f32, depth: f32) -> Mirrored<'_> {
        let rise = -slope.min(-1e-3);
        let face = self.fan.face(self.fan.number(aside));
        let wall = 1.0 / (face.inverse + face.per_aside * aside).max(1e-4);
        let height = (wall - depth) * rise;
        if height < self.skin.ceiling_m {
            return Mirrored { face: Some(face), point: [wall, wall * aside, height.max(0.0)] };
        }
        let far = depth + self.skin.ceiling_m / rise;
        Mirrored { face: None, point: [far, far * aside, 0.0] }
    }
}

/// Renders `scene` as `camera` sees it, on up to `threads` threads.
///
/// A pitch so steep that a ray would not go forward along the floor is reduced; numbers that are not finite are replaced; a camera within a
/// wall looks out of it.
///
/// # Errors
/// A side of the picture is zero or above 4096.
pub fn render(scene: &Scene, camera: &Camera, threads: usize) -> Result<Rendered, RenderError> {
    render_owned(scene, camera, threads, [0; 2]).map(|(rendered, _)| rendered)
}

/// As `render`; also counts, for each cell of a `grid` of columns and rows, the pixels of each thing in it. At most 4096 columns and rows.
///
/// # Errors
/// A side of the picture is zero or above 4096.
pub fn render_owned(scene: &Scene, camera: &Camera, threads: usize, grid: [usize; 2]) -> Result<(Rendered, Owners), RenderError> {
    let cells = grid.map(|side| side.min(4096));
    check_size(camera)?;
    let optics = Optics { lens: Lens::new(camera), spread: Spread::new(camera), film: Film::new(camera) };
    let ceiling_m = ceiling_of(scene);
    let view = View::new(optics.lens.as_ref().map_or(camera, |lens| &lens.level), ceiling_m);
    let (width, height) = (camera.width as usize, camera.height as usize);
    let grid = Grid::new(&scene.building);
    let frame = prepare(scene, view, grid.as_ref(), ceiling_m);
    let mut bytes = vec![0_u8; width * height * 3];
    let tally = Tally::new(scene.things.len(), [frame.view.width, frame.view.height]);
    let tally = if optics.lens.is_none() && optics.spread.is_none() {
        let develop = |canvas: &Canvas, bytes: &mut [u8]| optics.film.develop(&canvas.colour, canvas.top, bytes);
        paint_all(&frame, &tally, threads, (&mut bytes, width * 3), develop)
    } else {
        paint_through(&frame, &optics, &tally, threads, &mut bytes)
    };
    let counts = tally.count([width, height], cells, optics.lens.as_ref());
    let visible = scene.things.iter().zip(&counts.extents).filter(|(_, extent)| extent.pixels > 0).map(|(thing, extent)| {
        let (dx, dy) = (thing.position_m[0] - frame.view.position[0], thing.position_m[1] - frame.view.position[1]);
        Visible { id: thing.id, box_px: extent.box_px(), pixels: extent.pixels, distance_m: dx.hypot(dy) }
    });
    let visible = visible.collect();
    let pixels = RgbPixels::new(camera.width, camera.height, bytes).ok_or_else(|| refused(camera))?;
    Ok((Rendered { pixels, visible }, Owners::new(&scene.things, cells, counts)))
}

/// Largest side of a picture, pixels.
const MAX_SIDE: u32 = 4096;

fn refused(camera: &Camera) -> RenderError {
    RenderError::Size { width: camera.width, height: camera.height, max: MAX_SIDE }
}

fn check_size(camera: &Camera) -> Result<(), RenderError> {
    let fits = [camera.width, camera.height].iter().all(|side| (1..=MAX_SIDE).contains(side));
    if fits { Ok(()) } else { Err(refused(camera)) }
}

fn ceiling_of(scene: &Scene) -> f32 {
    let height = scene.building.ceiling_m as f32;
    if height.is_finite() { height.clamp(1.0, 50.0) } else { 3.0 }
}

fn prepare<'a>(scene: &Scene, view: View, grid: Option<&'a Grid<'a>>, ceiling_m: f32) -> Frame<'a> {
    let fan = Fan::new(&view, grid);
    let style = scene.building.style;
    let skin = Skin::new(style, scene.appearance_seed, ceiling_m, grid);
    let glows = scene.things.iter().filter_map(|thing| things::glow(&view, thing)).collect();
    let lamps = Lamps::new(&view, grid, &scene.lights, scene.ambient, ceiling_m, glows);
    let mut parts = Parts::default();
    let mut pen = Pen { view: &view, lamps: &lamps, ceiling_m, parts: &mut parts, owner: NOBODY, foot: [0.0; 2], along: [1.0, 0.0] };
    // Along the walls of the map.
    pen.along = [view.forward[0], view.left[0]];
    things::hang_lamps(&mut pen, &scene.lights, style);
    for (number, thing) in scene.things.iter().enumerate().take(usize::from(FLAT) - 1) {
        let heading = if thing.heading_rad.is_finite() { thing.heading_rad } else { 0.0 };
        let (sin, cos) = heading.sin_cos();
        let (sin, cos) = (sin as f32, cos as f32);
        pen.owner = number as u16;
        pen.foot = view.place(thing.position_m);
        pen.along = [cos * view.forward[0] + sin * view.forward[1], cos * view.left[0] + sin * view.left[1]];
        if pen.foot[0] > -4.0 && pen.foot[0] < grid::FAR_M {
            things::draw(&mut pen, thing);
        }
    }
    parts.sort();
    let photo = scene.backdrop.as_ref().map(|photo| Photo::new(photo, &view, &lamps));
    Frame { view, fan, skin, lamps, parts, photo }
}

/// Paints all bands into rows of `row_len` elements, as `finish` makes them of a canvas.
fn paint_all<T: Send>(
    frame: &Frame,
    tally: &Tally,
    threads: usize,
    (pixels, row_len): (&mut [T], usize),
    finish: impl Fn(&Canvas, &mut [T]) + Sync,
) -> Tally {
    let total = Mutex::new(tally.clone());
    bands::each(
        (pixels, row_len),
        threads,
        || Canvas::new(frame.view.width, tally.clone()),
        |canvas, top, band| {
            canvas.begin(top, (top + BAND_ROWS).min(frame.view.height));
            paint_band(frame, canvas);
            finish(canvas, band);
        },
        |canvas| total.lock().unwrap_or_else(PoisonError::into_inner).join(canvas.tally),
    );
    total.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// The way of a picture through a lens that rolls or distorts, glares or smears: by way of linear light.
fn paint_through(frame: &Frame, optics: &Optics, tally: &Tally, threads: usize, bytes: &mut [u8]) -> Tally {
    let (inner, width) = (frame.view.width, optics.film.width());
    let mut pixels = vec![[0.0; 3]; inner * frame.view.height];
    let tally = paint_all(frame, tally, threads, (&mut pixels, inner), |canvas, band| band.copy_from_slice(&canvas.colour[..band.len()]));
    let each = |to: &mut [V3], work: &(dyn Fn(usize, &mut [V3]) + Sync)| {
        bands::each((to, width), threads, || (), |(), top, band| work(top, band), |()| ());
    };
    if let Some(lens) = &optics.lens {
        let mut seen = vec![[0.0; 3]; bytes.len() / 3];
        each(&mut seen, &|top, band| lens.read(&pixels, top, band));
        pixels = seen;
    }
    if let Some(spread) = &optics.spread {
        spread.add_glare(&mut pixels, width);
        if spread.has_smear() {
            let mut smeared = vec![[0.0; 3]; pixels.len()];
            each(&mut smeared, &|top, band| spread.smear(&pixels, width, top, band));
            pixels = smeared;
        }
    }
    bands::each((bytes, width * 3), threads, || (), |(), top, band| optics.film.develop(&pixels[top * width..], top, band), |()| ());
    tally
}

fn paint_band(frame: &Frame, canvas: &mut Canvas) {
    backdrop::paint(frame, canvas);
    for decal in &frame.parts.decals {
        decal.paint(frame, canvas);
    }
    for solid in &frame.parts.solids {
        solid.paint(frame, canvas);
    }
    for plume in &frame.parts.plumes {
        plume.paint(frame, canvas);
    }
    canvas.count_solid();
    canvas.lay_veil();
}
