import type { components } from "../api/dispatch.gen";

/** How the phone looks for itself: exactly, and where that fails by what it knew in the last ten minutes. Milliseconds. */
const EXACT = { enableHighAccuracy: true, timeout: 10_000, maximumAge: 30_000 };
const ROUGH = { enableHighAccuracy: false, timeout: 5000, maximumAge: 600_000 };

/** Where the phone is (WGS 84). Throws where it does not know, or may not say. */
export async function position(): Promise<components["schemas"]["Arrival"]> {
  const { coords } = await located(EXACT).catch(() => located(ROUGH));
  const { latitude, longitude, accuracy } = coords;
  return { latitude, longitude, accuracy_m: Math.min(1_000_000, Math.ceil(accuracy)) };
}

function located(options: PositionOptions): Promise<GeolocationPosition> {
  return new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject, options));
}
