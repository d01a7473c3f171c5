/**
 * GStreamer stamps buffers in running time: what its clock showed at capture, minus the pipeline's
 * base time. The clock of our pipelines is GstSystemClock, which is CLOCK_MONOTONIC, as is
 * Clock.now. The base time is written to the debug log when the pipeline starts to play, exactly:
 * `... start_time=0:00:00.000000000, now=3:24:40.004481156, base_time 3:24:40.004481156`
 * (gst_pipeline_change_state of gstpipeline.c). A GStreamer built without its debug log says
 * nothing; see capture-time.ts for what happens then.
 */
const SAID = /gst_pipeline_change_state:.*\bbase_time (\d+):(\d\d):(\d\d)\.(\d{9})\b/;

/** Milliseconds on the monotonic clock, or undefined of any other line. */
export function parseBaseTimeMs(line: string): number | undefined {
  const [, hours, minutes, seconds, nanoseconds] = SAID.exec(line) ?? [];
  if (nanoseconds === undefined) return undefined;
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return whole * 1_000 + Number(nanoseconds) / 1e6;
}
