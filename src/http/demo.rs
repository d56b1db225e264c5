//! Pictures of the demo, drawn when asked for: a field of soft colour with hills, different for each number, always
//! the same for one. Stands in for a folder of photographs that nobody has to license.

use poem::http::{HeaderValue, StatusCode, header};
use poem::{IntoResponse, Response};

/// Largest number that has a picture.
const MOST: u32 = 1_000;

/// Pixels. Small, since a browser stretches smooth pictures well.
const WIDTH: u32 = 600;

/// Picture number `name` without `.png`, of the shape that the catalog says for it.
pub fn serve(name: &str) -> Response {
    let number = name.strip_suffix(".png").and_then(|n| n.parse::<u32>().ok()).filter(|n| (1..=MOST).contains(n));
    let Some(bytes) = number.and_then(draw) else { return StatusCode::NOT_FOUND.into_response() };
    let mut response = bytes.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("image/png"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400"));
    response
}

fn draw(number: u32) -> Option<Vec<u8>> {
    let height = WIDTH * 9 / 16;
    let hue = f64::from(number * 47 % 360);
    let mut pixels = Vec::with_capacity((WIDTH * height * 3) as usize);
    for y in 0..height {
        for x in 0..WIDTH {
            let (u, v) = (f64::from(x) / f64::from(WIDTH), f64::from(y) / f64::from(height));
            pixels.extend(colour(number, hue, u, v));
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, WIDTH, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&pixels).ok()?;
    writer.finish().ok()?;
    Some(bytes)
}

/// Sky from light to dark, a sun, and three rows of hills in front.
fn colour(number: u32, hue: f64, u: f64, v: f64) -> [u8; 3] {
    let seed = f64::from(number);
    let (sun_x, sun_y) = (0.2 + 0.6 * (seed * 0.37).fract(), 0.22 + 0.2 * (seed * 0.61).fract());
    let distance = ((u - sun_x) * 16.0 / 9.0).hypot(v - sun_y);
    let mut lightness = 0.88 - 0.28 * v + 0.10 * (-distance * 9.0).exp();
    let mut shade = hue;
    for row in 0..3_u32 {
        let depth = f64::from(row);
        let base = 0.52 + 0.15 * depth;
        let wave = (u * (5.0 + 2.0 * depth) + seed * (1.3 + depth)).sin() * 0.06 + (u * 13.0 + seed * 2.1 + depth).sin() * 0.02;
        if v > base + wave {
            lightness = 0.58 - 0.14 * depth;
            shade = hue + 24.0 * (depth + 1.0);
        }
    }
    rgb(shade % 360.0, 0.42, lightness.clamp(0.0, 1.0))
}

/// Colour from hue (degrees), saturation and lightness (CSS Color 4, §7.1).
fn rgb(hue: f64, saturation: f64, lightness: f64) -> [u8; 3] {
    let reach = saturation * lightness.min(1.0 - lightness);
    let part = |n: f64| {
        let k = (n + hue / 30.0) % 12.0;
        let value = lightness - reach * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=255 before")]
        let byte = (value * 255.0).round().clamp(0.0, 255.0) as u8;
        byte
    };
    [part(0.0), part(8.0), part(4.0)]
}
