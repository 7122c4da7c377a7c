<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
 <context>
  <name>DbcrAlgorithm</name>
  <message>
   <source>Assess against a reference</source>
   <translation>Evaluar con una referencia</translation>
  </message>
  <message>
   <source>&lt;p&gt;Compares an image with a reference of the same place: PSNR, SSIM, mean absolute error and spectral angle, over the bands both have, for all pixels and, with a cloud mask, for cloudy and clear ones apart.&lt;/p&gt;&lt;p&gt;A reference from another date differs by more than the reconstruction's error: the ground changed too.&lt;/p&gt;</source>
   <translation>&lt;p&gt;Compara una imagen con una referencia del mismo lugar: PSNR, SSIM, error absoluto medio y ángulo espectral, en las bandas comunes, para todos los píxeles y, con una máscara de nubes, por separado para los nublados y los despejados.&lt;/p&gt;&lt;p&gt;Una referencia de otra fecha difiere en más que el error de la reconstrucción: también cambió el suelo.&lt;/p&gt;</translation>
  </message>
  <message>
   <source>Image to assess</source>
   <translation>Imagen que se evalúa</translation>
  </message>
  <message>
   <source>Reference image</source>
   <translation>Imagen de referencia</translation>
  </message>
  <message>
   <source>Cloud mask</source>
   <translation>Máscara de nubes</translation>
  </message>
  <message>
   <source>Assessment of a cloud-free image</source>
   <translation>Evaluación de una imagen sin nubes</translation>
  </message>
  <message>
   <source>A page with the figures and a chart per band.</source>
   <translation>Una página con las cifras y un gráfico por banda.</translation>
  </message>
  <message>
   <source>The same for programs.</source>
   <translation>Lo mismo para programas.</translation>
  </message>
  <message>
   <source>all</source>
   <translation>todos</translation>
  </message>
  <message>
   <source>cloudy</source>
   <translation>nublados</translation>
  </message>
  <message>
   <source>clear</source>
   <translation>despejados</translation>
  </message>
  <message>
   <source>accuracy,psnr,ssim,mae,sam,validation,compare</source>
   <translation>exactitud,psnr,ssim,mae,sam,validación,comparar</translation>
  </message>
  <message>
   <source>A result of this plugin, say.</source>
   <translation>Por ejemplo, un resultado de este complemento.</translation>
  </message>
  <message>
   <source>A clear image from about the same date.</source>
   <translation>Una imagen despejada de más o menos la misma fecha.</translation>
  </message>
  <message>
   <source>Scores its pixels and the others apart.</source>
   <translation>Evalúa por separado sus píxeles y los demás.</translation>
  </message>
  <message>
   <source>Bands of the image to assess, in file order</source>
   <translation>Bandas de la imagen que se evalúa, en el orden del archivo</translation>
  </message>
  <message>
   <source>Bands of the reference image, in file order</source>
   <translation>Bandas de la imagen de referencia, en el orden del archivo</translation>
  </message>
  <message>
   <source>Values of the image to assess are</source>
   <translation>Los valores de la imagen que se evalúa son</translation>
  </message>
  <message>
   <source>Values of the reference image are</source>
   <translation>Los valores de la imagen de referencia son</translation>
  </message>
  <message>
   <source>Overrules what was detected: dn (reflectance × 10000), dn-1000 (with the offset still in), reflectance (0 … 1).</source>
   <translation>Prevalece sobre lo detectado: dn (reflectancia × 10000), dn-1000 (con el desplazamiento aún incluido), reflectance (0 … 1).</translation>
  </message>
  <message>
   <source>Report</source>
   <translation>Informe</translation>
  </message>
  <message>
   <source>Figures as JSON</source>
   <translation>Cifras como JSON</translation>
  </message>
  <message>
   <source>Report (JSON)</source>
   <translation>Informe (JSON)</translation>
  </message>
  <message>
   <source>image to assess</source>
   <translation>imagen que se evalúa</translation>
  </message>
  <message>
   <source>reference image</source>
   <translation>imagen de referencia</translation>
  </message>
  <message>
   <source>cloud mask</source>
   <translation>máscara de nubes</translation>
  </message>
  <message>
   <source>pixels</source>
   <translation>píxeles</translation>
  </message>
  <message>
   <source>count</source>
   <translation>número</translation>
  </message>
  <message>
   <source>Mean absolute error per band, in reflectance</source>
   <translation>Error absoluto medio por banda, en reflectancia</translation>
  </message>
  <message>
   <source>Where they differ</source>
   <translation>Dónde difieren</translation>
  </message>
  <message>
   <source>White: no difference; dark red: 0.1 reflectance and more; grey: no data.</source>
   <translation>Blanco: sin diferencia; rojo oscuro: reflectancia de 0,1 o más; gris: sin datos.</translation>
  </message>
  <message>
   <source>A .dbcr file; default: the one chosen in the options, or else the bundled model.</source>
   <translation>Un archivo .dbcr; por defecto, el modelo elegido en las opciones o, si no hay ninguno, el incluido.</translation>
  </message>
  <message>
   <source>Otherwise files that lead there, such as virtual rasters of web addresses, are refused.</source>
   <translation>Si no, se rechazan los archivos que llevan a ella, como rásteres virtuales de direcciones web.</translation>
  </message>
  <message>
   <source>Mask values are</source>
   <translation>Los valores de la máscara son</translation>
  </message>
  <message>
   <source>auto decides by name and values; binary (above 0 is cloud), probability, or scl (scene classes).</source>
   <translation>auto decide por el nombre y los valores; binary (por encima de 0 es nube), probability (probabilidad) o scl (clases de escena).</translation>
  </message>
  <message>
   <source>Only where the file does not name its bands; - skips a band.</source>
   <translation>Solo si el archivo no nombra sus bandas; - omite una banda.</translation>
  </message>
  <message>
   <source>optical image</source>
   <translation>imagen óptica</translation>
  </message>
  <message>
   <source>SAR image</source>
   <translation>imagen SAR</translation>
  </message>
  <message>
   <source>Model file</source>
   <translation>Archivo del modelo</translation>
  </message>
  <message>
   <source>Read inputs over the network, too</source>
   <translation>Leer entradas también por la red</translation>
  </message>
  <message>
   <source>Diagnostics</source>
   <translation>Diagnóstico</translation>
  </message>
  <message>
   <source>&lt;p&gt;Writes versions, the ONNX Runtime found, the model and this plugin's settings to the log: the text to paste into a bug report. It names folders on your computer; look it over before you post it.&lt;/p&gt;</source>
   <translation>&lt;p&gt;Escribe en el registro las versiones, el ONNX Runtime encontrado, el modelo y los ajustes de este complemento: el texto para un informe de error. Nombra carpetas de su equipo; revíselo antes de publicarlo.&lt;/p&gt;</translation>
  </message>
  <message>
   <source>version,support,bug,report</source>
   <translation>versión,ayuda,error,informe</translation>
  </message>
  <message>
   <source>Inspect inputs</source>
   <translation>Inspeccionar las entradas</translation>
  </message>
  <message>
   <source>&lt;p&gt;Says what “Remove clouds” would find in the inputs: which bands and how they were recognised, L1C or L2A, whether the −1000 offset is still in, decibels or power, grids, overlap, dates, cloud share; and warns of snow, water, cirrus, saturation and gaps.&lt;/p&gt;&lt;p&gt;Nothing is computed and nothing is changed.&lt;/p&gt;</source>
   <translation>&lt;p&gt;Dice qué encontraría «Eliminar nubes» en las entradas: qué bandas y cómo se reconocieron, L1C o L2A, si el desplazamiento de −1000 sigue incluido, decibelios o potencia, cuadrículas, solape, fechas, proporción de nubes; y avisa de nieve, agua, cirros, saturación y huecos.&lt;/p&gt;&lt;p&gt;No se calcula ni se cambia nada.&lt;/p&gt;</translation>
  </message>
  <message>
   <source>What was found in the inputs</source>
   <translation>Lo que se encontró en las entradas</translation>
  </message>
  <message>
   <source>A page with what was found.</source>
   <translation>Una página con lo encontrado.</translation>
  </message>
  <message>
   <source>check,bands,radiometry,offset,decibel,overlap,sentinel</source>
   <translation>comprobar,bandas,radiometría,desplazamiento,decibelio,solape,sentinel</translation>
  </message>
  <message>
   <source>Cloudy Sentinel-2 image</source>
   <translation>Imagen Sentinel-2 con nubes</translation>
  </message>
  <message>
   <source>L1C or L2A, 3 bands or more.</source>
   <translation>L1C o L2A, a partir de 3 bandas.</translation>
  </message>
  <message>
   <source>Sentinel-1 image</source>
   <translation>Imagen Sentinel-1</translation>
  </message>
  <message>
   <source>VV and VH, in any unit, on any grid.</source>
   <translation>VV y VH, en cualquier unidad y cuadrícula.</translation>
  </message>
  <message>
   <source>0 and 1, cloud probability, or scene classes.</source>
   <translation>0 y 1, probabilidad de nube o clases de escena.</translation>
  </message>
  <message>
   <source>Optical bands, in file order</source>
   <translation>Bandas ópticas, en el orden del archivo</translation>
  </message>
  <message>
   <source>SAR bands, in file order</source>
   <translation>Bandas SAR, en el orden del archivo</translation>
  </message>
  <message>
   <source>Optical values are</source>
   <translation>Los valores ópticos son</translation>
  </message>
  <message>
   <source>SAR values are</source>
   <translation>Los valores SAR son</translation>
  </message>
  <message>
   <source>Overrules what was detected.</source>
   <translation>Prevalece sobre lo detectado.</translation>
  </message>
  <message>
   <source>Report as JSON</source>
   <translation>Informe como JSON</translation>
  </message>
  <message>
   <source>Number of warnings</source>
   <translation>Número de avisos</translation>
  </message>
  <message>
   <source>Install ONNX Runtime</source>
   <translation>Instalar ONNX Runtime</translation>
  </message>
  <message>
   <source>&lt;p&gt;Adds ONNX Runtime, which runs the networks, to a folder of this plugin in your QGIS profile. QGIS's own Python packages stay as they are.&lt;/p&gt;&lt;p&gt;The file comes from PyPI (up to 30 MB) and is accepted only with the SHA-256 that this version of the plugin knows. On a computer without a network, give the same wheel as a file.&lt;/p&gt;&lt;p&gt;The build &lt;i&gt;openvino&lt;/i&gt; (Linux, 84 MB, three times that on disk) can be faster on some Intel processors. With the device &lt;i&gt;auto&lt;/i&gt; the plugin measures on this computer whether it is, and uses it only then.&lt;/p&gt;</source>
   <translation>&lt;p&gt;Añade ONNX Runtime, que ejecuta las redes, en una carpeta de este complemento de su perfil de QGIS. Los paquetes de Python de QGIS quedan como están.&lt;/p&gt;&lt;p&gt;El archivo viene de PyPI (hasta 30 MB) y solo se acepta con el SHA-256 que conoce esta versión del complemento. En un equipo sin red, indique el mismo wheel como archivo.&lt;/p&gt;&lt;p&gt;La variante &lt;i&gt;openvino&lt;/i&gt; (Linux, 84 MB, el triple en el disco) puede ser más rápida en algunos procesadores Intel. Con el dispositivo &lt;i&gt;auto&lt;/i&gt;, el complemento mide en este equipo si lo es, y solo entonces la usa.&lt;/p&gt;</translation>
  </message>
  <message>
   <source>Leave empty to download.</source>
   <translation>Dejar vacío para descargar.</translation>
  </message>
  <message>
   <source>Build</source>
   <translation>Variante</translation>
  </message>
  <message>
   <source>“openvino” (Linux, 84 MB) can be faster on Intel processors. A wheel may be of either.</source>
   <translation>«openvino» (Linux, 84 MB) puede ser más rápida en procesadores Intel. Un wheel puede ser de cualquiera de las dos.</translation>
  </message>
  <message>
   <source>Takes effect when QGIS starts again.</source>
   <translation>Surte efecto al reiniciar QGIS.</translation>
  </message>
  <message>
   <source>onnx,runtime,setup,dependency</source>
   <translation>onnx,runtime,instalación,dependencia</translation>
  </message>
  <message>
   <source>Wheel on disk</source>
   <translation>Wheel en disco</translation>
  </message>
  <message>
   <source>Install even where a runtime works already</source>
   <translation>Instalar aunque ya funcione un runtime</translation>
  </message>
  <message>
   <source>Version</source>
   <translation>Versión</translation>
  </message>
  <message>
   <source>Folder</source>
   <translation>Carpeta</translation>
  </message>
  <message>
   <source>ONNX Runtime works already, nothing was installed; AGAIN=true installs all the same.</source>
   <translation>ONNX Runtime ya funciona, no se instaló nada; AGAIN=true instala de todos modos.</translation>
  </message>
  <message>
   <source>Installed; it is used when QGIS starts again.</source>
   <translation>Instalado; se usará cuando QGIS vuelva a iniciarse.</translation>
  </message>
  <message>
   <source>Downloading {}</source>
   <translation>Descargando {}</translation>
  </message>
  <message>
   <source>Installed, but the ONNX Runtime in {} goes before it; remove that one.</source>
   <translation>Instalado, pero el ONNX Runtime de {} va antes; elimine ese.</translation>
  </message>
  <message>
   <source>Remove clouds</source>
   <translation>Eliminar nubes</translation>
  </message>
  <message>
   <source>Reconstructs the ground under clouds of a Sentinel-2 image with a Sentinel-1 image.</source>
   <translation>Reconstruye el suelo bajo las nubes de una imagen Sentinel-2 con una imagen Sentinel-1.</translation>
  </message>
  <message>
   <source>&lt;p&gt;Reconstructs what clouds and their shadows hide in a Sentinel-2 image, with the help of a Sentinel-1 radar image of the same place from about the same time.&lt;/p&gt;&lt;p&gt;Bands, data type, scale, grid and metadata of the result are those of the optical input. Pixels outside the cloud mask stay exactly as they are. Bands are found by name or wavelength, units by metadata and values; the log says what was found, and the advanced parameters overrule it.&lt;/p&gt;&lt;p&gt;&lt;b&gt;NFE&lt;/b&gt; is the number of network evaluations: 1 is fastest and closest to the truth on average, more gives sharper texture and takes longer: 3 twice as long, 5 three times.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Reconstructed pixels are estimates.&lt;/b&gt; Use the second output to tell them from observed ones.&lt;/p&gt;&lt;p&gt;On a server: &lt;code&gt;qgis_process run dbcr:removeclouds -- OPTICAL=s2.tif SAR=s1.tif OUTPUT=clear.tif&lt;/code&gt; (Debian and Ubuntu: &lt;code&gt;qgis_process.bin&lt;/code&gt;).&lt;/p&gt;</source>
   <translation>&lt;p&gt;Reconstruye lo que las nubes y sus sombras ocultan en una imagen Sentinel-2, con ayuda de una imagen de radar Sentinel-1 del mismo lugar y de más o menos la misma época.&lt;/p&gt;&lt;p&gt;Las bandas, el tipo de datos, la escala, la cuadrícula y los metadatos del resultado son los de la entrada óptica. Los píxeles fuera de la máscara de nubes quedan exactamente como están. Las bandas se reconocen por nombre o longitud de onda, las unidades por metadatos y valores; el registro dice qué se encontró, y los parámetros avanzados prevalecen.&lt;/p&gt;&lt;p&gt;&lt;b&gt;NFE&lt;/b&gt; es el número de evaluaciones de la red: 1 es lo más rápido y, en promedio, lo más cercano a la verdad; más da una textura más nítida y tarda más: 3 el doble, 5 el triple.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Los píxeles reconstruidos son estimaciones.&lt;/b&gt; La segunda salida los distingue de los observados.&lt;/p&gt;&lt;p&gt;En un servidor: &lt;code&gt;qgis_process run dbcr:removeclouds -- OPTICAL=s2.tif SAR=s1.tif OUTPUT=clear.tif&lt;/code&gt; (Debian y Ubuntu: &lt;code&gt;qgis_process.bin&lt;/code&gt;).&lt;/p&gt;</translation>
  </message>
  <message>
   <source>cloud,shadow,sentinel-2,sentinel-1,sar,radar,reconstruct,gap,diffusion,deep learning</source>
   <translation>nube,sombra,sentinel-2,sentinel-1,sar,radar,reconstruir,hueco,difusión,aprendizaje profundo</translation>
  </message>
  <message>
   <source>L1C or L2A, any number of bands from 3; a raster file or a layer read from one.</source>
   <translation>L1C o L2A, a partir de 3 bandas; un archivo ráster o una capa leída de uno.</translation>
  </message>
  <message>
   <source>VV and VH, in decibels, power or amplitude, on any grid. Without it the result is much poorer.</source>
   <translation>VV y VH, en decibelios, potencia o amplitud, en cualquier cuadrícula. Sin ella el resultado es mucho peor.</translation>
  </message>
  <message>
   <source>0 and 1, cloud probability, or Sentinel-2 scene classes. Without one the model finds the clouds.</source>
   <translation>0 y 1, probabilidad de nube o clases de escena de Sentinel-2. Sin máscara el modelo busca las nubes.</translation>
  </message>
  <message>
   <source>Steps of the bridge from the cloudy to the clear image.</source>
   <translation>Pasos del puente entre la imagen nublada y la despejada.</translation>
  </message>
  <message>
   <source>Overrules what was detected: decibels, linear power or amplitude.</source>
   <translation>Prevalece sobre lo detectado: decibelios, potencia lineal o amplitud.</translation>
  </message>
  <message>
   <source>Outside the radar image the result is then reconstructed without radar.</source>
   <translation>Fuera de la imagen de radar se reconstruye entonces sin radar.</translation>
  </message>
  <message>
   <source>Only this part of the image; default: all of it.</source>
   <translation>Solo esta parte de la imagen; por defecto, toda.</translation>
  </message>
  <message>
   <source>Where to reconstruct</source>
   <translation>Dónde reconstruir</translation>
  </message>
  <message>
   <source>auto: inside the mask, or where the model sees cloud and shadow if there is no mask; none: every pixel.</source>
   <translation>auto: dentro de la máscara o, si no hay, donde el modelo ve nube y sombra; none: cada píxel.</translation>
  </message>
  <message>
   <source>Share of certainty, 0 … 1, from which a pixel counts as cloud; default: one half, or the model's.</source>
   <translation>Grado de certeza, 0 … 1, desde el que un píxel cuenta como nube; por defecto, un medio o el del modelo.</translation>
  </message>
  <message>
   <source>Under opaque cloud, the broad level of each band follows the clear land around; off, or where there is too little of it: as bright as the model believes.</source>
   <translation>Bajo nubes opacas, el nivel general de cada banda sigue al terreno despejado de alrededor; desactivado, o donde hay demasiado poco: tan claro como supone el modelo.</translation>
  </message>
  <message>
   <source>Device</source>
   <translation>Dispositivo</translation>
  </message>
  <message>
   <source>auto takes the fastest at hand; torch needs a worker.</source>
   <translation>auto toma el más rápido disponible; torch necesita un proceso auxiliar.</translation>
  </message>
  <message>
   <source>Run in another Python, which has torch or a CUDA build of ONNX Runtime; default: inside QGIS.</source>
   <translation>Ejecutar en otro Python, que tenga torch o un ONNX Runtime para CUDA; por defecto, dentro de QGIS.</translation>
  </message>
  <message>
   <source>Processor threads for the network.</source>
   <translation>Hilos del procesador para la red.</translation>
  </message>
  <message>
   <source>Pixels that neighbouring tiles share, blended without a seam; default: a quarter of a tile.</source>
   <translation>Píxeles que comparten las teselas vecinas, fundidos sin costura; por defecto: un cuarto de tesela.</translation>
  </message>
  <message>
   <source>Sampler</source>
   <translation>Muestreador</translation>
  </message>
  <message>
   <source>ode: no randomness; sde: the paper's stochastic variant, reproducible by its seed.</source>
   <translation>ode: sin azar; sde: la variante estocástica del artículo, reproducible por su semilla.</translation>
  </message>
  <message>
   <source>The same seed gives the same result.</source>
   <translation>La misma semilla da el mismo resultado.</translation>
  </message>
  <message>
   <source>Compression</source>
   <translation>Compresión</translation>
  </message>
  <message>
   <source>Both without loss: deflate is read by every program, zstd is made and read in half the time.</source>
   <translation>Ambas sin pérdida: deflate lo lee cualquier programa, zstd se escribe y se lee en la mitad de tiempo.</translation>
  </message>
  <message>
   <source>A cloud-optimised GeoTIFF.</source>
   <translation>Un GeoTIFF optimizado para la nube.</translation>
  </message>
  <message>
   <source>Network evaluations (1 faithful … 10 sharp)</source>
   <translation>Evaluaciones de la red (1 fiel … 10 nítida)</translation>
  </message>
  <message>
   <source>Go on where SAR covers only a part</source>
   <translation>Continuar si el SAR cubre solo una parte</translation>
  </message>
  <message>
   <source>Extent</source>
   <translation>Extensión</translation>
  </message>
  <message>
   <source>Mask threshold</source>
   <translation>Umbral de la máscara</translation>
  </message>
  <message>
   <source>As bright as the clear land around</source>
   <translation>Tan claro como el terreno despejado de alrededor</translation>
  </message>
  <message>
   <source>Grow the mask by (pixels)</source>
   <translation>Ampliar la máscara (píxeles)</translation>
  </message>
  <message>
   <source>For masks that miss the rim of clouds; default: layer 0, the model's own mask 4.</source>
   <translation>Para máscaras que omiten el borde de las nubes; por defecto, capa 0, máscara del modelo 4.</translation>
  </message>
  <message>
   <source>Feather inside the mask (pixels)</source>
   <translation>Difuminar dentro de la máscara (píxeles)</translation>
  </message>
  <message>
   <source>The change fades in from the mask's edge inwards; default: layer 0, model 4.</source>
   <translation>El cambio entra poco a poco desde el borde de la máscara hacia dentro; por defecto, capa 0, modelo 4.</translation>
  </message>
  <message>
   <source>Worker's Python</source>
   <translation>Python del proceso auxiliar</translation>
  </message>
  <message>
   <source>Threads (0: all cores)</source>
   <translation>Hilos (0: todos los núcleos)</translation>
  </message>
  <message>
   <source>Tile overlap (pixels)</source>
   <translation>Solape de teselas (píxeles)</translation>
  </message>
  <message>
   <source>Seed of the stochastic sampler</source>
   <translation>Semilla del muestreador estocástico</translation>
  </message>
  <message>
   <source>Cloud-free image</source>
   <translation>Imagen sin nubes</translation>
  </message>
  <message>
   <source>Reconstructed pixels</source>
   <translation>Píxeles reconstruidos</translation>
  </message>
  <message>
   <source>Per pixel 0 … 100 % reconstructed.</source>
   <translation>Por píxel, 0 … 100 % reconstruido.</translation>
  </message>
  <message>
   <source>Uncertainty</source>
   <translation>Incertidumbre</translation>
  </message>
  <message>
   <source>Expected absolute error per band, in its units.</source>
   <translation>Error absoluto esperado por banda, en sus unidades.</translation>
  </message>
  <message>
   <source>Device used</source>
   <translation>Dispositivo usado</translation>
  </message>
  <message>
   <source>Seconds</source>
   <translation>Segundos</translation>
  </message>
  <message>
   <source>Share of pixels reconstructed (0 … 1)</source>
   <translation>Proporción de píxeles reconstruidos (0 … 1)</translation>
  </message>
  <message>
   <source>Only where the file does not name its bands, such as {}; - skips a band.</source>
   <translation>Solo si el archivo no nombra sus bandas, por ejemplo {}; - omite una banda.</translation>
  </message>
 </context>
 <context>
  <name>AssessmentDialog</name>
  <message>
   <source>Assessment</source>
   <translation>Evaluación</translation>
  </message>
  <message>
   <source>Save as HTML…</source>
   <translation>Guardar como HTML…</translation>
  </message>
  <message>
   <source>The same page with its figures, as one file</source>
   <translation>La misma página con sus figuras, en un solo archivo</translation>
  </message>
  <message>
   <source>Open in the browser</source>
   <translation>Abrir en el navegador</translation>
  </message>
  <message>
   <source>Shows the page where it can be printed</source>
   <translation>Muestra la página donde se puede imprimir</translation>
  </message>
  <message>
   <source>Save the report</source>
   <translation>Guardar el informe</translation>
  </message>
  <message>
   <source>Cannot write {0} ({1}); choose another folder.</source>
   <translation>No se puede escribir {0} ({1}); elija otra carpeta.</translation>
  </message>
 </context>
 <context>
  <name>Dbcr</name>
  <message>
   <source>PSNR {0} dB, SSIM {1}, MAE {2}, SAM {3}°</source>
   <translation>PSNR {0} dB, SSIM {1}, MAE {2}, SAM {3}°</translation>
  </message>
  <message>
   <source>The run could not be prepared.</source>
   <translation>No se pudo preparar la ejecución.</translation>
  </message>
  <message>
   <source>The run was cancelled; no output was written.</source>
   <translation>La ejecución se canceló; no se escribió nada.</translation>
  </message>
  <message>
   <source>Training</source>
   <translation>Entrenamiento</translation>
  </message>
  <message>
   <source>Licence: {0}</source>
   <translation>Licencia: {0}</translation>
  </message>
  <message>
   <source>reconstruction</source>
   <translation>reconstrucción</translation>
  </message>
  <message>
   <source>The preview, or the latest result, in the input's colours</source>
   <translation>La vista previa o el último resultado, con los colores de la entrada</translation>
  </message>
  <message>
   <source>SAR</source>
   <translation>SAR</translation>
  </message>
  <message>
   <source>The radar image</source>
   <translation>La imagen de radar</translation>
  </message>
  <message>
   <source>changed pixels</source>
   <translation>píxeles cambiados</translation>
  </message>
  <message>
   <source>Orange: reconstructed; the rest is as observed</source>
   <translation>Naranja: reconstruido; el resto, como se observó</translation>
  </message>
  <message>
   <source>uncertainty</source>
   <translation>incertidumbre</translation>
  </message>
  <message>
   <source>How large an error the model expects, pale to dark blue</source>
   <translation>El error que espera el modelo, de pálido a azul oscuro</translation>
  </message>
  <message>
   <source>input</source>
   <translation>entrada</translation>
  </message>
  <message>
   <source>preview: {0}</source>
   <translation>vista previa: {0}</translation>
  </message>
  <message>
   <source>ONNX Runtime, which runs the model, is missing. It can be added in three ways:</source>
   <translation>Falta ONNX Runtime, que ejecuta el modelo. Se puede añadir de tres maneras:</translation>
  </message>
  <message>
   <source>{0}, in the worker</source>
   <translation>{0}, en el proceso auxiliar</translation>
  </message>
  <message>
   <source>optical image</source>
   <translation>imagen óptica</translation>
  </message>
  <message>
   <source>SAR image</source>
   <translation>imagen SAR</translation>
  </message>
  <message>
   <source>cloud mask</source>
   <translation>máscara de nubes</translation>
  </message>
  <message>
   <source>ONNX Runtime {0} is ready.</source>
   <translation>ONNX Runtime {0} está listo.</translation>
  </message>
  <message>
   <source>Running in the background; the task list shows progress and cancels.</source>
   <translation>Se ejecuta en segundo plano; la lista de tareas muestra el avance y cancela.</translation>
  </message>
  <message>
   <source>preview {0} · whole scene at most {1}</source>
   <translation>vista previa {0} · escena a lo sumo {1}</translation>
  </message>
  <message>
   <source>The map shows no part of the optical image; zoom to it for a preview.</source>
   <translation>El mapa no muestra ninguna parte de la imagen óptica; acérquese a ella para una vista previa.</translation>
  </message>
  <message>
   <source>linear power</source>
   <translation>potencia lineal</translation>
  </message>
  <message>
   <source>amplitude</source>
   <translation>amplitud</translation>
  </message>
  <message>
   <source>{0} bands, {1}</source>
   <translation>{0} bandas, {1}</translation>
  </message>
  <message>
   <source>{0} days later</source>
   <translation>{0} días después</translation>
  </message>
  <message>
   <source>{0} days earlier</source>
   <translation>{0} días antes</translation>
  </message>
  <message>
   <source>other grid, will be aligned</source>
   <translation>otra cuadrícula, se alineará</translation>
  </message>
  <message>
   <source>offset {0} still in</source>
   <translation>desplazamiento {0} aún incluido</translation>
  </message>
  <message>
   <source>SAR {0} in {1}, covers {2}</source>
   <translation>SAR {0} en {1}, cubre {2}</translation>
  </message>
  <message>
   <source>cloud about {0}, by brightness</source>
   <translation>nubes aprox. {0}, según el brillo</translation>
  </message>
  <message>
   <source>There is not enough memory; close other programs.</source>
   <translation>No hay memoria suficiente; cierre otros programas.</translation>
  </message>
  <message>
   <source>Unexpected {0}; please report it with what QGIS's log says under DB-CR.</source>
   <translation>Error inesperado {0}; comuníquelo con lo que el registro de QGIS dice bajo DB-CR.</translation>
  </message>
  <message>
   <source>Inspecting the inputs</source>
   <translation>Inspeccionando las entradas</translation>
  </message>
  <message>
   <source>Load a Sentinel-2 raster file to begin.</source>
   <translation>Para empezar, cargue un archivo ráster Sentinel-2.</translation>
  </message>
  <message>
   <source>The SAR image lies elsewhere; choose one of the same place.</source>
   <translation>La imagen SAR está en otro sitio; elija una del mismo lugar.</translation>
  </message>
  <message>
   <source>Without SAR the result is much poorer; choose a Sentinel-1 image if you have one.</source>
   <translation>Sin SAR el resultado es mucho peor; elija una imagen Sentinel-1 si la tiene.</translation>
  </message>
  <message>
   <source>The two images are {0} days apart; the ground may have changed.</source>
   <translation>Entre las dos imágenes hay {0} días; el suelo puede haber cambiado.</translation>
  </message>
  <message>
   <source>No {0} was given; choose a raster layer or a raster file.</source>
   <translation>Falta: {0}. Elija una capa o un archivo ráster.</translation>
  </message>
  <message>
   <source>“{0}” is no raster layer; choose a raster file as the {1}.</source>
   <translation>«{0}» no es una capa ráster; elija un archivo ráster ({1}).</translation>
  </message>
  <message>
   <source>“{0}” cannot be read as a raster; check that the file exists and is an image GDAL can open.</source>
   <translation>«{0}» no se puede leer como ráster; compruebe que el archivo existe y que GDAL puede abrirlo.</translation>
  </message>
  <message>
   <source>“{0}” is a map service, not measured values; choose a raster file as the {1}.</source>
   <translation>«{0}» es un servicio de mapas, no valores medidos; elija un archivo ráster ({1}).</translation>
  </message>
  <message>
   <source>“{0}” is read over the network; save it to disk and choose the file as the {1}.</source>
   <translation>«{0}» se lee por la red; guárdelo en el disco y elija el archivo ({1}).</translation>
  </message>
  <message>
   <source>“{0}” has no coordinate reference system; assign one (Raster ▸ Projections ▸ Assign Projection).</source>
   <translation>«{0}» no tiene sistema de referencia de coordenadas; asígnele uno (Ráster ▸ Proyecciones ▸ Asignar proyección).</translation>
  </message>
  <message>
   <source>Cloud removal self-test</source>
   <translation>Eliminación de nubes: autoprueba</translation>
  </message>
  <message>
   <source>Cloud removal</source>
   <translation>Eliminación de nubes</translation>
  </message>
  <message>
   <source>Cloud removal (DB-CR)</source>
   <translation>Eliminación de nubes (DB-CR)</translation>
  </message>
  <message>
   <source>Remove clouds from a Sentinel-2 image</source>
   <translation>Eliminar las nubes de una imagen Sentinel-2</translation>
  </message>
  <message>
   <source>Cloud removal preview</source>
   <translation>Eliminación de nubes: vista previa</translation>
  </message>
  <message>
   <source>Preparing a cloud removal preview</source>
   <translation>Eliminación de nubes: preparación de la vista previa</translation>
  </message>
  <message>
   <source>the offset is removed</source>
   <translation>el desplazamiento está quitado</translation>
  </message>
  <message>
   <source>the offset is still in</source>
   <translation>el desplazamiento sigue incluido</translation>
  </message>
  <message>
   <source>reflectance, 0 … 1</source>
   <translation>reflectancia, 0 … 1</translation>
  </message>
  <message>
   <source>decibels</source>
   <translation>decibelios</translation>
  </message>
  <message>
   <source>all above 0 is cloud</source>
   <translation>todo lo que pasa de 0 es nube</translation>
  </message>
  <message>
   <source>probability</source>
   <translation>probabilidad</translation>
  </message>
  <message>
   <source>scene classes</source>
   <translation>clases de escena</translation>
  </message>
  <message>
   <source>What is right?</source>
   <translation>¿Qué es correcto?</translation>
  </message>
  <message>
   <source>{0}: {1} s per tile, mean {2}, checksum {3} (the same computer and device give the same checksum)</source>
   <translation>{0}: {1} s por tesela, media {2}, suma de control {3} (el mismo equipo y dispositivo dan la misma suma)</translation>
  </message>
  <message>
   <source>right: within {0} of the model's own answer</source>
   <translation>correcto: a no más de {0} de la propia respuesta del modelo</translation>
  </message>
  <message>
   <source>0: as observed</source>
   <translation>0: como se observó</translation>
  </message>
  <message>
   <source>almost none</source>
   <translation>casi ninguna</translation>
  </message>
  <message>
   <source>0 %: as observed</source>
   <translation>0 %: como se observó</translation>
  </message>
  <message>
   <source>1 … 99 %: mixed, at the edge</source>
   <translation>1 … 99 %: mezcla, en el borde</translation>
  </message>
  <message>
   <source>100 %: reconstructed</source>
   <translation>100 %: reconstruido</translation>
  </message>
  <message>
   <source>reflectance {0}</source>
   <translation>reflectancia {0}</translation>
  </message>
  <message>
   <source>reflectance {0} and more</source>
   <translation>reflectancia {0} o más</translation>
  </message>
  <message>
   <source>reconstructed pixels</source>
   <translation>píxeles reconstruidos</translation>
  </message>
  <message>
   <source>cloud-free</source>
   <translation>sin nubes</translation>
  </message>
  <message>
   <source>{0}: {1} of the pixels were reconstructed.</source>
   <translation>{0}: se reconstruyó el {1} de los píxeles.</translation>
  </message>
  <message>
   <source>{0}, clouds removed</source>
   <translation>{0}, sin nubes</translation>
  </message>
 </context>
 <context>
  <name>DbcrDock</name>
  <message>
   <source>Cloud removal</source>
   <translation>Eliminación de nubes</translation>
  </message>
  <message>
   <source>As measured with the preview; a scene costs less where it is clear</source>
   <translation>Medido con la vista previa; una escena cuesta menos donde está despejada</translation>
  </message>
  <message>
   <source>&amp;Get ONNX Runtime (up to 30 MB)</source>
   <translation>O&amp;btener ONNX Runtime (hasta 30 MB)</translation>
  </message>
  <message>
   <source>Downloads it once, beside QGIS's own packages; nothing of QGIS changes</source>
   <translation>Lo descarga una vez, junto a los paquetes de QGIS; nada de QGIS cambia</translation>
  </message>
  <message>
   <source>or a wheel from disk</source>
   <translation>o un wheel del disco</translation>
  </message>
  <message>
   <source>Wheel on disk</source>
   <translation>Wheel en disco</translation>
  </message>
  <message>
   <source>Without a network: the same wheel as a file</source>
   <translation>Sin red: el mismo wheel como archivo</translation>
  </message>
  <message>
   <source>The same from a command line</source>
   <translation>Lo mismo desde una línea de órdenes</translation>
  </message>
  <message>
   <source>The bundled model, and those in the folder that the options name</source>
   <translation>El modelo incluido y los de la carpeta que indican las opciones</translation>
  </message>
  <message>
   <source>Model card</source>
   <translation>Ficha del modelo</translation>
  </message>
  <message>
   <source>What the model was trained on, how well it does, and where not to trust it</source>
   <translation>Con qué se entrenó el modelo, cómo rinde y dónde no fiarse de él</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Modelo</translation>
  </message>
  <message>
   <source>What really computes; the options choose it</source>
   <translation>Lo que calcula de verdad; se elige en las opciones</translation>
  </message>
  <message>
   <source>Device</source>
   <translation>Dispositivo</translation>
  </message>
  <message>
   <source>What was found in the inputs</source>
   <translation>Lo que se encontró en las entradas</translation>
  </message>
  <message>
   <source>as bright as the clear land around</source>
   <translation>tan claro como el entorno</translation>
  </message>
  <message>
   <source>Under clouds the brightness of each band follows the clear land around; off: the model's own</source>
   <translation>Bajo las nubes, el brillo de cada banda sigue al terreno despejado de alrededor; desactivado: el del modelo</translation>
  </message>
  <message>
   <source>Reconstruct what the map shows now</source>
   <translation>Reconstruir lo que muestra el mapa</translation>
  </message>
  <message>
   <source>follow the map</source>
   <translation>seguir el mapa</translation>
  </message>
  <message>
   <source>Draw a new preview after panning and zooming</source>
   <translation>Redibujar tras desplazar y hacer zoom</translation>
  </message>
  <message>
   <source>Reconstructed pixels are estimates, not observations.</source>
   <translation>Los píxeles reconstruidos son estimaciones, no observaciones.</translation>
  </message>
  <message>
   <source>let the model find clouds</source>
   <translation>el modelo busca las nubes</translation>
  </message>
  <message>
   <source>every pixel</source>
   <translation>todos los píxeles</translation>
  </message>
  <message>
   <source>none (poorer result)</source>
   <translation>ninguna (peor resultado)</translation>
  </message>
  <message>
   <source>told once an image is chosen</source>
   <translation>se indica al elegir una imagen</translation>
  </message>
  <message>
   <source>Wheels</source>
   <translation>Wheels</translation>
  </message>
  <message>
   <source>Op&amp;tical</source>
   <translation>Óp&amp;tica</translation>
  </message>
  <message>
   <source>The cloudy Sentinel-2 image</source>
   <translation>La imagen Sentinel-2 con nubes</translation>
  </message>
  <message>
   <source>S&amp;AR</source>
   <translation>&amp;SAR</translation>
  </message>
  <message>
   <source>A Sentinel-1 image of the same place and about the same date</source>
   <translation>Una imagen Sentinel-1 del mismo lugar y fecha cercana</translation>
  </message>
  <message>
   <source>Mas&amp;k</source>
   <translation>Másc&amp;ara</translation>
  </message>
  <message>
   <source>Where to reconstruct; the rest stays exactly as it is</source>
   <translation>Dónde reconstruir; el resto queda exactamente igual</translation>
  </message>
  <message>
   <source>Prev&amp;iew</source>
   <translation>Vista &amp;previa</translation>
  </message>
 </context>
 <context>
  <name>RunBox</name>
  <message>
   <source>Where the cloud-free image goes; empty: a temporary file</source>
   <translation>Adónde va la imagen sin nubes; vacío: un archivo temporal</translation>
  </message>
  <message>
   <source>Whole scene</source>
   <translation>Toda la escena</translation>
  </message>
  <message>
   <source>[temporary file]</source>
   <translation>[archivo temporal]</translation>
  </message>
  <message>
   <source>Cloud-free image</source>
   <translation>Imagen sin nubes</translation>
  </message>
  <message>
   <source>changed pixels</source>
   <translation>píxeles cambiados</translation>
  </message>
  <message>
   <source>uncertainty</source>
   <translation>incertidumbre</translation>
  </message>
  <message>
   <source>In the background; the task list at the bottom shows progress and cancels</source>
   <translation>En segundo plano; la lista de tareas, abajo, muestra el avance y cancela</translation>
  </message>
  <message>
   <source>Cop&amp;y as</source>
   <translation>Cop&amp;iar como</translation>
  </message>
  <message>
   <source>The same run as text, to repeat it elsewhere</source>
   <translation>La misma ejecución como texto, para repetirla en otro sitio</translation>
  </message>
  <message>
   <source>Also written and loaded; beside a named image, as …_changed.tif and …_uncertainty.tif</source>
   <translation>También se escribe y se carga; junto a una imagen con nombre, como …_changed.tif y …_uncertainty.tif</translation>
  </message>
  <message>
   <source>R&amp;un on the whole scene</source>
   <translation>E&amp;jecutar en la escena</translation>
  </message>
  <message>
   <source>qgis_process command</source>
   <translation>orden de qgis_process</translation>
  </message>
  <message>
   <source>Python</source>
   <translation>Python</translation>
  </message>
 </context>
 <context>
  <name>AssessBox</name>
  <message>
   <source>Where the report goes, a page with its figures; empty: a temporary file</source>
   <translation>Adónde va el informe, una página con sus figuras; vacío: un archivo temporal</translation>
  </message>
  <message>
   <source>Assess</source>
   <translation>Evaluar</translation>
  </message>
  <message>
   <source>The image to assess: the latest result, or any other</source>
   <translation>La imagen que se evalúa: el último resultado u otra</translation>
  </message>
  <message>
   <source>A clear image of the same place and about the same date</source>
   <translation>Una imagen despejada del mismo lugar y de más o menos la misma fecha</translation>
  </message>
  <message>
   <source>[temporary file]</source>
   <translation>[archivo temporal]</translation>
  </message>
  <message>
   <source>Report</source>
   <translation>Informe</translation>
  </message>
  <message>
   <source>Result</source>
   <translation>Resultado</translation>
  </message>
  <message>
   <source>Refere&amp;nce</source>
   <translation>Refere&amp;ncia</translation>
  </message>
  <message>
   <source>PSNR, SSIM, MAE and SAM for all, cloudy and clear pixels, with an error map</source>
   <translation>PSNR, SSIM, MAE y SAM para todos los píxeles, nublados y despejados, con un mapa de errores</translation>
  </message>
 </context>
 <context>
  <name>CompareLines</name>
  <message>
   <source>What lies over the input</source>
   <translation>Lo que se superpone a la entrada</translation>
  </message>
  <message>
   <source>Over the input</source>
   <translation>Sobre la entrada</translation>
  </message>
  <message>
   <source>Swipe</source>
   <translation>Deslizar</translation>
  </message>
  <message>
   <source>Drag a line over the map between input and picture</source>
   <translation>Arrastrar una línea entre la entrada y la imagen</translation>
  </message>
  <message>
   <source>&amp;Flip</source>
   <translation>A&amp;lternar</translation>
  </message>
  <message>
   <source>Hide or show the picture; the space bar does it while swiping</source>
   <translation>Ocultar o mostrar la imagen; al deslizar, con la barra espaciadora</translation>
  </message>
  <message>
   <source>Side &amp;by side</source>
   <translation>Lado a lado</translation>
  </message>
  <message>
   <source>Reconstruction, SAR, changed pixels and uncertainty in linked maps</source>
   <translation>Reconstrucción, SAR, píxeles cambiados e incertidumbre en mapas vinculados</translation>
  </message>
  <message>
   <source>reconstruction</source>
   <translation>reconstrucción</translation>
  </message>
  <message>
   <source>SAR</source>
   <translation>SAR</translation>
  </message>
  <message>
   <source>changed pixels</source>
   <translation>píxeles cambiados</translation>
  </message>
  <message>
   <source>uncertainty</source>
   <translation>incertidumbre</translation>
  </message>
 </context>
 <context>
  <name>DockController</name>
  <message>
   <source>Copied; layers stand in it as files.</source>
   <translation>Copiado; las capas figuran como archivos.</translation>
  </message>
  <message>
   <source>Cloud removal</source>
   <translation>Eliminación de nubes</translation>
  </message>
  <message>
   <source>Preview of the centre, {0} × {1} pixels; zoom in to see the rest.</source>
   <translation>Vista previa del centro, {0} × {1} píxeles; acérquese para ver el resto.</translation>
  </message>
 </context>
 <context>
  <name>CurveBackground</name>
  <message>
   <source>Measured on the model's validation scenes; up is better. PSNR: closeness to the truth. LPIPS: likeness of texture.</source>
   <translation>Medido en las escenas de validación del modelo; más arriba es mejor. PSNR: cercanía a la verdad. LPIPS: parecido de la textura.</translation>
  </message>
  <message>
   <source>This model's card holds no measurements.</source>
   <translation>La ficha de este modelo no contiene mediciones.</translation>
  </message>
 </context>
 <context>
  <name>NfeDial</name>
  <message>
   <source>Network evaluations</source>
   <translation>Evaluaciones de la red</translation>
  </message>
  <message>
   <source>Network evaluations (NFE). 1: closest to the truth on average. More: sharper texture, more time.</source>
   <translation>Evaluaciones de la red (NFE). 1: en promedio lo más fiel. Más: textura más nítida y más tiempo.</translation>
  </message>
  <message>
   <source>faithful</source>
   <translation>fiel</translation>
  </message>
  <message>
   <source>sharp</source>
   <translation>nítido</translation>
  </message>
 </context>
 <context>
  <name>OptionsPage</name>
  <message>
   <source>running…</source>
   <translation>en ejecución…</translation>
  </message>
  <message>
   <source>Computing</source>
   <translation>Cálculo</translation>
  </message>
  <message>
   <source>Device</source>
   <translation>Dispositivo</translation>
  </message>
  <message>
   <source>auto takes the fastest at hand; those that begin with torch need a worker</source>
   <translation>auto toma el más rápido disponible; los que empiezan por torch necesitan un proceso auxiliar</translation>
  </message>
  <message>
   <source>Threads</source>
   <translation>Hilos</translation>
  </message>
  <message>
   <source>Processor threads for the network</source>
   <translation>Hilos del procesador para la red</translation>
  </message>
  <message>
   <source>Tile overlap</source>
   <translation>Solape de teselas</translation>
  </message>
  <message>
   <source>What neighbouring tiles share; more costs time and hides their borders better</source>
   <translation>Lo que comparten las teselas vecinas; más cuesta tiempo y oculta mejor sus bordes</translation>
  </message>
  <message>
   <source>Compression</source>
   <translation>Compresión</translation>
  </message>
  <message>
   <source>Of the files that the dock writes: deflate is read by every program, zstd takes half the time</source>
   <translation>De los archivos que escribe el panel: deflate lo lee cualquier programa, zstd tarda la mitad</translation>
  </message>
  <message>
   <source>Python of the worker</source>
   <translation>Python del proceso auxiliar</translation>
  </message>
  <message>
   <source>Another Python, which has torch or a CUDA build of ONNX Runtime; jobs and previews run there</source>
   <translation>Otro Python, que tenga torch o un ONNX Runtime para CUDA; allí corren las ejecuciones y vistas previas</translation>
  </message>
  <message>
   <source>&amp;Self-test</source>
   <translation>Auto&amp;prueba</translation>
  </message>
  <message>
   <source>Runs one tile with these settings: device, seconds, checksum</source>
   <translation>Calcula una tesela con estos ajustes: dispositivo, segundos, suma de control</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Modelo</translation>
  </message>
  <message>
   <source>Model file</source>
   <translation>Archivo del modelo</translation>
  </message>
  <message>
   <source>What the dock and the algorithms use unless they are told otherwise</source>
   <translation>Lo que usan el panel y los algoritmos si no se indica otra cosa</translation>
  </message>
  <message>
   <source>Model folder</source>
   <translation>Carpeta de modelos</translation>
  </message>
  <message>
   <source>The dock offers every model file in it</source>
   <translation>El panel ofrece cada archivo de modelo que contiene</translation>
  </message>
  <message>
   <source>Preview</source>
   <translation>Vista previa</translation>
  </message>
  <message>
   <source>Longest side</source>
   <translation>Lado mayor</translation>
  </message>
  <message>
   <source>A map that shows more is previewed in its centre</source>
   <translation>Si el mapa muestra más, la vista previa es de su centro</translation>
  </message>
  <message>
   <source>Cache</source>
   <translation>Caché</translation>
  </message>
  <message>
   <source>Memory for what earlier previews looked at: going back costs nothing</source>
   <translation>Memoria para lo que miraron las vistas previas anteriores: volver no cuesta nada</translation>
  </message>
  <message>
   <source>&amp;Clear</source>
   <translation>&amp;Vaciar</translation>
  </message>
  <message>
   <source>Forgets what earlier previews looked at</source>
   <translation>Olvida lo que miraron las vistas previas anteriores</translation>
  </message>
  <message>
   <source>Folder</source>
   <translation>Carpeta</translation>
  </message>
  <message>
   <source>Where the plugin keeps its own ONNX Runtime, outside QGIS's packages</source>
   <translation>Donde el complemento guarda su propio ONNX Runtime, fuera de los paquetes de QGIS</translation>
  </message>
  <message>
   <source>Package index</source>
   <translation>Índice de paquetes</translation>
  </message>
  <message>
   <source>Where it is downloaded from, on request only</source>
   <translation>De dónde se descarga, solo si se pide</translation>
  </message>
  <message>
   <source>all cores</source>
   <translation>todos los núcleos</translation>
  </message>
  <message>
   <source>a quarter of a tile</source>
   <translation>un cuarto de tesela</translation>
  </message>
  <message>
   <source> pixels</source>
   <translation> píxeles</translation>
  </message>
  <message>
   <source>none: everything runs inside QGIS</source>
   <translation>ninguno: todo en QGIS</translation>
  </message>
  <message>
   <source>the bundled one</source>
   <translation>el incluido</translation>
  </message>
  <message>
   <source>none</source>
   <translation>ninguna</translation>
  </message>
  <message>
   <source>in the profile</source>
   <translation>en el perfil</translation>
  </message>
  <message>
   <source>DB-CR models</source>
   <translation>Modelos DB-CR</translation>
  </message>
  <message>
   <source>in use: {0} MB</source>
   <translation>en uso: {0} MB</translation>
  </message>
 </context>
 <context>
  <name>SideBySide</name>
  <message>
   <source>Cloud removal, side by side</source>
   <translation>Eliminación de nubes, lado a lado</translation>
  </message>
 </context>
</TS>
