use candle_core::{Device, Tensor};
use std::time::Instant;
use vedette_learning::*;
fn main() {
    let vision = VisionShape { side_px: 192, patch_px: 16, pool: 2, n_layer: 6, n_embd: 192, n_ff: 576, n_head: 3 };
    let shape = Shape { vision, text: TextShape { n_layer: 4, n_embd: 192, n_ff: 512, n_head: 3, head: 64, n_vocab: 1024 } };
    let p = Parameters::new(shape, 1, &Device::Cpu).unwrap();
    println!("{} parameters", p.count());
    let text = std::env::args().nth(1).is_none();
    for threads in [1, 2] {
        for b in [4usize, 8, 16] {
            let mut best = f64::MAX;
            for _ in 0..4 {
                let t = Instant::now();
                std::thread::scope(|s| for _ in 0..threads { s.spawn(|| {
                    let net = Network::new(&p, Form::Fused(vedette_matmul::Precision::Mixed));
                    let x = Tensor::from_vec(vec![0.1f32; b * 144 * 768], (b * 144, 768), &Device::Cpu).unwrap();
                    let seen = net.see(&x).unwrap();
                    let mut loss = net.notice(&seen.features).unwrap().sqr().unwrap().sum_all().unwrap();
                    if text {
                        let r = Reading { prefix: vec![5; 220], suffixes: vec![vec![7; 60]; b], answers: vec![16; b] };
                        loss = (loss + net.read(&seen.tokens, &r).unwrap().sqr().unwrap().sum_all().unwrap()).unwrap();
                    }
                    loss.backward().unwrap();
                }); });
                best = best.min(t.elapsed().as_secs_f64());
            }
            println!("threads {threads} batch {b}: {:.1} samples/s", (threads * b) as f64 / best);
        }
    }
}
