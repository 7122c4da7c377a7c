# SPDX-License-Identifier: GPL-3.0-or-later
"""Miniature Sentinel products with the folders, names and metadata of real ones (1.2 km on a side)."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Callable

import numpy as np
import rasterio
from rasterio.crs import CRS
from rasterio.transform import Affine

from dbcr_core.band_names import OPTICAL_BANDS, OPTICAL_WAVELENGTHS_NM

RESOLUTION = {
    b: 60 if b in ("B01", "B09", "B10") else 10 if b in ("B02", "B03", "B04", "B08") else 20 for b in OPTICAL_BANDS
}
ULX, ULY, METRES = 600_000, 5_100_000, 1200
PRODUCT = "S2B_MSI{level}_20230612T101559_N{baseline}_R065_T32TPS_20230612T121212"
TILE = "T32TPS_20230612T101559"
OLD_BANDS = ("B02", "B04", "B11")


def dn(band: str, resolution: int, offset: int = 0) -> np.ndarray:
    """The stored values of a band's image (uint16), with a corner of no data and some dark pixels."""
    random = np.random.default_rng(OPTICAL_BANDS.index(band))
    size = METRES // resolution
    level = 20 if band == "B10" else 1500
    values = (random.gamma(2.0, level / 2, (size, size)) + 10 + offset).astype(np.uint16)
    values[: size // 10, : size // 10] = 0
    return values


def write_safe_optical(
    folder: Path,
    level: str = "L1C",
    baseline: str = "05.09",
    offset: int = -1000,
    *,
    harmonised: bool = False,
    place: tuple[int, int, int] = (32632, ULX, ULY),
    metres: int = METRES,
    values: Callable[[str, int, int], np.ndarray] = dn,
) -> Path:
    """A SAFE folder; with harmonised the values lack the offset that the metadata states.

    place: EPSG code, left, top. values: of a band at a resolution, with an offset, as `dn` gives them for METRES.
    """
    name = PRODUCT.format(level=level, baseline=baseline.replace(".", ""))
    safe = folder / f"{name}.SAFE"
    granule = f"GRANULE/{level}_T32TPS_A032713_20230612T101601"
    stored_offset = 0 if harmonised else -offset
    images = []
    for band in OPTICAL_BANDS:
        if level == "L2A" and band == "B10":
            continue
        resolutions = [RESOLUTION[band]] if level == "L1C" else [r for r in (10, 20, 60) if r >= RESOLUTION[band]]
        for resolution in resolutions:
            relative = (
                f"{granule}/IMG_DATA/{TILE}_{band}"
                if level == "L1C"
                else f"{granule}/IMG_DATA/R{resolution}m/{TILE}_{band}_{resolution}m"
            )
            images.append(relative)
            _write_jp2(safe / f"{relative}.jp2", values(band, resolution, stored_offset), resolution, *place)
    (safe / granule / "MTD_TL.xml").write_text(_granule_xml(level, *place, metres), encoding="utf-8")
    (safe / f"MTD_MSI{level}.xml").write_text(_product_xml(level, name, baseline, offset, images), encoding="utf-8")
    (safe / "manifest.safe").write_text('<xfdu:XFDU xmlns:xfdu="x"/>' + " " * 100, encoding="utf-8")
    return safe


def write_old_safe_optical(folder: Path, tiles: dict[str, tuple[int, int, int]], quantification: int = 10000) -> Path:
    """A Level-1C product as until 2016: {tile: (EPSG code, left, top)} become granules with names of their own.

    The images hold `dn` without offset, plus 100 for each granule before; bands B02, B04 (10 m) and B11 (20 m) only.
    """
    safe = folder / "S2A_OPER_PRD_MSIL1C_PDMC_20160119T201610_R022_V20160119T101023_20160119T101023.SAFE"
    listed = ""
    for number, (tile, (epsg, left, top)) in enumerate(tiles.items()):
        name = f"S2A_OPER_MSI_L1C_TL_EPA__20160119T151010_A002999_{tile}"
        granule = safe / "GRANULE" / f"{name}_N02.01"
        for band in OLD_BANDS:
            values = dn(band, RESOLUTION[band])
            values[values > 0] += 100 * number
            _write_jp2(granule / "IMG_DATA" / f"{name}_{band}.jp2", values, RESOLUTION[band], epsg, left, top)
        metadata = granule / f"S2A_OPER_MTD_L1C_TL_EPA__20160119T151010_A002999_{tile}.xml"
        metadata.write_text(_granule_xml("L1C", epsg, left, top), encoding="utf-8")
        images = "".join(f"<IMAGE_ID>{name}_{band}</IMAGE_ID>" for band in OLD_BANDS)
        listed += (
            f'<Granule_List><Granules granuleIdentifier="{name}_N02.01" imageFormat="JPEG2000">{images}</Granules>'
            "</Granule_List>"
        )
    (safe / "S2A_OPER_MTD_SAFL1C_PDMC_20160119T201610_R022_V20160119T101023_20160119T101023.xml").write_text(
        '<n1:Level-1C_User_Product xmlns:n1="https://psd-12.sentinel2.eo.esa.int/PSD/User_Product_Level-1C.xsd">'
        "<n1:General_Info><Product_Info><PRODUCT_START_TIME>2016-01-19T10:10:23.000Z</PRODUCT_START_TIME>"
        "<PROCESSING_LEVEL>Level-1C</PROCESSING_LEVEL><PROCESSING_BASELINE>02.01</PROCESSING_BASELINE>"
        f"<Product_Organisation>{listed}</Product_Organisation></Product_Info><Product_Image_Characteristics>"
        f'<QUANTIFICATION_VALUE unit="none">{quantification}</QUANTIFICATION_VALUE></Product_Image_Characteristics>'
        "</n1:General_Info></n1:Level-1C_User_Product>",
        encoding="utf-8",
    )
    return safe


def as_level_2ap(safe: Path) -> Path:
    """A Level-2A product with the element names of 2017 (the pilot production, Level-2Ap)."""
    metadata = safe / "MTD_MSIL2A.xml"
    text = metadata.read_text(encoding="utf-8")
    for old, new in (
        ("IMAGE_FILE>", "IMAGE_FILE_2A>"),
        ("Product_Info>", "L2A_Product_Info>"),
        ("<BOA_QUANT", "<L2A_BOA_QUANT"),
        ("</BOA_QUANT", "</L2A_BOA_QUANT"),
        ("PRODUCT_URI>", "PRODUCT_URI_2A>"),
        ("Product_Organisation>", "L2A_Product_Organisation>"),
    ):
        text = text.replace(old, new)
    metadata.write_text(text, encoding="utf-8")
    return safe


def zipped(safe: Path) -> Path:
    """The SAFE folder as the zip that is downloaded; the folder is removed."""
    archive = shutil.make_archive(str(safe.with_suffix("")), "zip", safe.parent, safe.name)
    shutil.rmtree(safe)
    return Path(archive)


def _write_jp2(
    path: Path, values: np.ndarray, resolution: int, epsg: int = 32632, left: int = ULX, top: int = ULY
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(
        path,
        "w",
        driver="JP2OpenJPEG",
        width=values.shape[1],
        height=values.shape[0],
        count=1,
        dtype="uint16",
        crs=CRS.from_epsg(epsg),
        transform=Affine(resolution, 0, left, 0, -resolution, top),
        QUALITY="100",
        REVERSIBLE="YES",
    ) as raster:
        raster.write(values, 1)


def _granule_xml(level: str, epsg: int = 32632, left: int = ULX, top: int = ULY, metres: int = METRES) -> str:
    grids = "".join(
        f'<Size resolution="{r}"><NROWS>{metres // r}</NROWS><NCOLS>{metres // r}</NCOLS></Size>'
        f'<Geoposition resolution="{r}"><ULX>{left}</ULX><ULY>{top}</ULY><XDIM>{r}</XDIM><YDIM>-{r}</YDIM>'
        "</Geoposition>"
        for r in (10, 20, 60)
    )
    kind = f"Level-{level[1:]}_Tile_ID"
    space = f"https://psd-14.sentinel2.eo.esa.int/PSD/S2_PDI_Level-{level[1:]}_Tile_Metadata.xsd"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><n1:{kind} xmlns:n1="{space}"><n1:General_Info>'
        f'<TILE_ID metadataLevel="Brief">S2B_OPER_MSI_{level}_TL_x_N05.09</TILE_ID></n1:General_Info>'
        f'<n1:Geometric_Info><Tile_Geocoding metadataLevel="Brief"><HORIZONTAL_CS_NAME>WGS84 / UTM zone 32N'
        f"</HORIZONTAL_CS_NAME><HORIZONTAL_CS_CODE>EPSG:{epsg}</HORIZONTAL_CS_CODE>{grids}</Tile_Geocoding>"
        f"</n1:Geometric_Info></n1:{kind}>"
    )


def _product_xml(level: str, name: str, baseline: str, offset: int, images: list[str]) -> str:
    user_product = f"Level-{level[1:]}_User_Product"
    space = f"https://psd-14.sentinel2.eo.esa.int/PSD/User_Product_Level-{level[1:]}.xsd"
    files = "".join(f"<IMAGE_FILE>{image}</IMAGE_FILE>" for image in images)
    spectral = "".join(
        f'<Spectral_Information bandId="{i}" physicalBand="B{b[1:].lstrip("0")}"><RESOLUTION>{RESOLUTION[b]}'
        f'</RESOLUTION><Wavelength><CENTRAL unit="nm">{OPTICAL_WAVELENGTHS_NM[i]}</CENTRAL></Wavelength>'
        "</Spectral_Information>"
        for i, b in enumerate(OPTICAL_BANDS)
    )
    word = "RADIO" if level == "L1C" else "BOA"
    items = "".join(f'<{word}_ADD_OFFSET band_id="{i}">{offset}</{word}_ADD_OFFSET>' for i in range(13))
    around = "Radiometric_Offset_List" if level == "L1C" else "BOA_ADD_OFFSET_VALUES_LIST"
    offsets = f"<{around}>{items}</{around}>" if float(baseline) >= 4 else ""
    quantification = (
        '<QUANTIFICATION_VALUE unit="none">10000</QUANTIFICATION_VALUE>'
        if level == "L1C"
        else '<QUANTIFICATION_VALUES_LIST><BOA_QUANTIFICATION_VALUE unit="none">10000</BOA_QUANTIFICATION_VALUE>'
        "</QUANTIFICATION_VALUES_LIST>"
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><n1:{user_product} xmlns:n1="{space}"><n1:General_Info><Product_Info>'
        f"<PRODUCT_START_TIME>2023-06-12T10:15:59.024Z</PRODUCT_START_TIME><PRODUCT_URI>{name}.SAFE</PRODUCT_URI>"
        f"<PROCESSING_LEVEL>Level-{level[1:]}</PROCESSING_LEVEL><PRODUCT_TYPE>S2MSI{level[1:]}</PRODUCT_TYPE>"
        f"<PROCESSING_BASELINE>{baseline}</PROCESSING_BASELINE><GENERATION_TIME>2023-06-12T12:12:12Z</GENERATION_TIME>"
        '<Datatake datatakeIdentifier="x"><SPACECRAFT_NAME>Sentinel-2B</SPACECRAFT_NAME></Datatake>'
        '<Query_Options completeSingleTile="true"><PRODUCT_FORMAT>SAFE_COMPACT</PRODUCT_FORMAT></Query_Options>'
        f'<Product_Organisation><Granule_List><Granule imageFormat="JPEG2000" granuleIdentifier="x">{files}</Granule>'
        "</Granule_List></Product_Organisation></Product_Info><Product_Image_Characteristics>"
        "<Special_Values><SPECIAL_VALUE_TEXT>NODATA</SPECIAL_VALUE_TEXT><SPECIAL_VALUE_INDEX>0</SPECIAL_VALUE_INDEX>"
        f"</Special_Values>{quantification}{offsets}"
        f"<Spectral_Information_List>{spectral}</Spectral_Information_List></Product_Image_Characteristics>"
        f"</n1:General_Info></n1:{user_product}>"
    )


def write_safe_sar(folder: Path, sigma_nought: float = 600.0, size: int = 80) -> tuple[Path, dict[str, np.ndarray]]:
    """A GRD SAFE folder over the optical one, and its stored amplitudes {polarisation: (h, w) uint16}."""
    name = "S1A_IW_GRDH_1SDV_20230613T053511_20230613T053536_048963_05E35A_1234"
    safe = folder / f"{name}.SAFE"
    (safe / "measurement").mkdir(parents=True)
    (safe / "annotation" / "calibration").mkdir(parents=True)
    units, metadata, data, stored = "", "", "", {}
    for number, pol in enumerate(("vh", "vv"), 1):
        stem = f"s1a-iw-grd-{pol}-20230613t053511-20230613t053536-048963-05e35a-00{number}"
        level = 100 if pol == "vh" else 200
        random = np.random.default_rng(number)
        stored[pol.upper()] = (level * np.sqrt(random.gamma(4.0, 0.25, (size, size)))).astype(np.uint16) + 1
        with rasterio.open(
            safe / "measurement" / f"{stem}.tiff", "w", driver="GTiff", width=size, height=size, count=1, dtype="uint16"
        ) as raster:
            raster.write(stored[pol.upper()], 1)
        (safe / "annotation" / f"{stem}.xml").write_text(_annotation_xml(pol, size), encoding="utf-8")
        calibration = f"annotation/calibration/calibration-{stem}.xml"
        (safe / calibration).write_text(_calibration_xml(sigma_nought, size), encoding="utf-8")
        for kind, href, rep in (
            ("product", f"annotation/{stem}.xml", "s1Level1ProductSchema"),
            ("calibration", calibration, "s1Level1CalibrationSchema"),
            ("measurement", f"measurement/{stem}.tiff", "s1Level1MeasurementSchema"),
        ):
            data += (
                f'<dataObject ID="{kind}{pol}" repID="{rep}"><byteStream mimeType="x"><fileLocation locatorType="URL" '
                f'href="./{href}"/></byteStream></dataObject>'
            )
            metadata += (
                f'<metadataObject ID="{kind}{pol}Annotation" classification="DESCRIPTION" category="DMD">'
                f'<dataObjectPointer dataObjectID="{kind}{pol}"/></metadataObject>'
            )
        units += (
            f'<xfdu:contentUnit unitType="Measurement Data Unit" dmdID="product{pol}Annotation '
            f'calibration{pol}Annotation"><dataObjectPointer dataObjectID="measurement{pol}"/></xfdu:contentUnit>'
        )
    (safe / "manifest.safe").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><xfdu:XFDU xmlns:xfdu="urn:ccsds:schema:xfdu:1">'
        '<informationPackageMap><xfdu:contentUnit unitType="SAFE Archive Information Package">'
        f"{units}</xfdu:contentUnit></informationPackageMap><metadataSection>{metadata}</metadataSection>"
        f"<dataObjectSection>{data}</dataObjectSection></xfdu:XFDU>",
        encoding="utf-8",
    )
    return safe, stored


def _annotation_xml(pol: str, size: int) -> str:
    from rasterio.warp import transform

    points = ""
    for line in np.linspace(0, size, 4):
        for pixel in np.linspace(0, size, 4):
            x, y = ULX - 200 + pixel * 20, ULY + 200 - line * 20
            longitudes, latitudes = transform(CRS.from_epsg(32632), CRS.from_epsg(4326), [x], [y])
            points += (
                f"<geolocationGridPoint><line>{line:.6f}</line><pixel>{pixel:.6f}</pixel>"
                f"<latitude>{latitudes[0]:.9f}</latitude><longitude>{longitudes[0]:.9f}</longitude>"
                "<height>0.0</height></geolocationGridPoint>"
            )
    return (
        "<product><adsHeader><missionId>S1A</missionId><productType>GRD</productType>"
        f"<polarisation>{pol.upper()}</polarisation><mode>IW</mode><swath>IW</swath>"
        "<startTime>2023-06-13T05:35:11.0</startTime><imageNumber>001</imageNumber></adsHeader>"
        "<imageAnnotation><imageInformation><outputPixels>16 bit Unsigned Integer</outputPixels>"
        f"<rangePixelSpacing>20</rangePixelSpacing><azimuthPixelSpacing>20</azimuthPixelSpacing>"
        f"<numberOfSamples>{size}</numberOfSamples><numberOfLines>{size}</numberOfLines></imageInformation>"
        "<processingInformation><ellipsoidName>WGS84</ellipsoidName><ellipsoidSemiMajorAxis>6378137.0"
        "</ellipsoidSemiMajorAxis><ellipsoidSemiMinorAxis>6356752.314</ellipsoidSemiMinorAxis>"
        "</processingInformation></imageAnnotation>"
        f'<geolocationGrid><geolocationGridPointList count="16">{points}</geolocationGridPointList></geolocationGrid>'
        "</product>"
    )


def _calibration_xml(sigma_nought: float, size: int) -> str:
    pixels = " ".join(str(p) for p in (0, size // 2, size))
    values = " ".join(f"{sigma_nought:.6e}" for _ in range(3))
    vectors = "".join(
        f"<calibrationVector><azimuthTime>2023-06-13T05:35:{11 + i}.0</azimuthTime><line>{line}</line>"
        f'<pixel count="3">{pixels}</pixel><sigmaNought count="3">{values}</sigmaNought>'
        f'<betaNought count="3">{values}</betaNought><gamma count="3">{values}</gamma><dn count="3">{values}</dn>'
        "</calibrationVector>"
        for i, line in enumerate((0, size // 2, size))
    )
    return (
        "<calibration><calibrationInformation><absoluteCalibrationConstant>1.0</absoluteCalibrationConstant>"
        f'</calibrationInformation><calibrationVectorList count="3">{vectors}</calibrationVectorList></calibration>'
    )
