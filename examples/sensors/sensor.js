// A sensor for Node: asks the filter file about strings, and reports those that are bait. See README.md.

'use strict';
const crypto = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');

class Sensor {
  constructor(sensorFile, filterFile) {
    this.told = JSON.parse(fs.readFileSync(sensorFile, 'utf8'));
    const data = fs.readFileSync(filterFile);
    const head = JSON.parse(data.subarray(0, 4096).toString());
    this.salt = Buffer.from(head.salt, 'hex');
    this.count = head.tags;
    this.tags = data.subarray(data.length - 8 * head.tags);
  }

  /** Whether the string is bait: a binary search among the sorted tags of the filter. */
  knows(value) {
    const wanted = crypto.createHash('sha256').update(this.salt).update(value).digest().readBigUInt64LE(0);
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      const tag = this.tags.readBigUInt64LE(8 * middle);
      if (tag === wanted) return true;
      if (tag < wanted) low = middle + 1;
      else high = middle;
    }
    return false;
  }

  /** Report those of the values ({where: string}) that are bait; whether there were any. */
  async look(values, event, facts) {
    const found = Object.entries(values)
      .filter(([, value]) => this.knows(String(value)) || this.knows(String(value).trim().toLowerCase()))
      .map(([where, value]) => ({ where, value: String(value) }));
    if (found.length) await this.report({ id: crypto.randomBytes(16).toString('hex'), event, found, facts });
    return found.length > 0;
  }

  /** Whether the listener has it on disk. */
  report(report) {
    const body = JSON.stringify(report);
    const signature = crypto.createHmac('sha256', this.told.key).update(`/report\n${body}`).digest('hex');
    const place = this.told.report_to[0];
    const unix = place.startsWith('unix:');
    const options = {
      method: 'POST', timeout: 3000,
      headers: { Authorization: `Sensor ${this.told.name}:${signature}`, 'Content-Length': Buffer.byteLength(body) },
    };
    return new Promise((resolve) => {
      const done = (response) => { response.resume(); resolve(response.statusCode === 200); };
      const request = unix
        ? http.request({ ...options, socketPath: place.slice(5), path: '/report' }, done)
        : (place.startsWith('https:') ? https : http).request(`${place}/report`, options, done);
      request.on('error', () => resolve(false));
      request.end(body);
    });
  }
}

module.exports = { Sensor };
