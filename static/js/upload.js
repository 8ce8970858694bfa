// A form with a file on its way, with its progress in percent; fetch cannot tell how far it is.

import { accessToken, ApiError, call } from "./api.js";

export async function upload(path, form, onProgress) {
  await call("GET", "/api/v1/me"); // a token that ran out is renewed before a large body is sent
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("Authorization", `Bearer ${accessToken()}`);
    request.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress(Math.round((100 * event.loaded) / event.total)));
    request.addEventListener("error", () => fail(new ApiError(0, "unreachable", "The file did not arrive. Try again.")));
    request.addEventListener("load", () => {
      let data = null;
      try {
        data = JSON.parse(request.responseText);
      } catch {
        data = null;
      }
      if (request.status >= 200 && request.status < 300) done(data);
      else fail(new ApiError(request.status, data?.code, data?.message, data?.details));
    });
    request.send(form);
  });
}
